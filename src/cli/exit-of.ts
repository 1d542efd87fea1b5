// The exit code of a trace.
import type { TraceResult } from '../core/trace/result.ts';
import { exit, type ExitCode } from './command.ts';

/** A result that stopped short proves nothing, unless a law was broken before that. */
export function exitOf(result: TraceResult): ExitCode {
  switch (result.verdict.kind) {
    case 'violated':
      return exit.found;
    case 'unknown':
      return exit.unknown;
    case 'holds':
      return result.injections.some(({ result: { kind } }) => kind === 'limit' || kind === 'unknown') ? exit.unknown : exit.done;
  }
}
