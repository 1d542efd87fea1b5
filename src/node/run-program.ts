// Runs a hosted C program for `daxtrace run`, as JSON-able data.
import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { kernelForHosted } from '../core/kernel/hosted.ts';
import { runC } from '../core/program/run-c.ts';
import type { FileSource } from '../core/source/file-source.ts';
import { faultEvent } from '../core/trace/fault-event.ts';
import type { FaultEvent } from '../core/trace/result.ts';

/** What a program printed and how it ended. */
export interface ProgramResult {
  /** `fault`: something is wrong with the program, even if it went on; `limit`: this machine could not go on. */
  readonly kind: 'exited' | 'fault' | 'limit';
  readonly stdout: string;
  readonly stderr: string;
  /** What main() returned or exit() was given, when the program came to its end. */
  readonly exitCode?: number;
  /** The first fault, or the limit, as text. */
  readonly reason?: string;
  /** In order; the last one may have stopped the program. */
  readonly faults: readonly FaultEvent[];
  /** Instructions executed. */
  readonly steps: number;
}

/** Files beside the program; a path without its first slash is one of an absolute program. */
function besideOf(name: string): FileSource {
  const folder = dirname(name);
  const real = (path: string): string => (isAbsolute(folder) && !isAbsolute(path) ? `/${path}` : path);
  const isFile = (path: string): boolean => statSync(real(path), { throwIfNoEntry: false })?.isFile() ?? false;
  return { exists: isFile, read: (path) => (isFile(path) ? readFileSync(real(path), 'utf8') : undefined), list: () => [] };
}

/** Executes main() of a program; `name` is its path in messages. */
export function runProgram(name: string, text: string): ProgramResult {
  const { stdout, stderr, exitCode, fault, limit, warnings, steps } = runC(name, text, {
    beside: besideOf(name),
    extension: kernelForHosted(text),
  });
  const faults = [...warnings, ...(fault === undefined ? [] : [fault])].map(faultEvent);
  const reason = limit?.text ?? faults[0]?.text ?? (exitCode === undefined ? 'the program did not end' : undefined);
  return {
    kind: limit !== undefined ? 'limit' : faults.length > 0 ? 'fault' : exitCode === undefined ? 'limit' : 'exited',
    stdout,
    stderr,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reason === undefined ? {} : { reason }),
    faults,
    steps,
  };
}
