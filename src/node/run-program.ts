// Runs a hosted C program for `daxtrace run`, as JSON-able data.
import { runC } from '../core/program/run-c.ts';

export type ProgramResult =
  | {
      readonly kind: 'exited';
      readonly stdout: string;
      readonly exitCode: number;
      readonly warnings: readonly string[];
      readonly steps: number;
    }
  | { readonly kind: 'fault' | 'limit'; readonly stdout: string; readonly reason: string; readonly steps: number };

/** Executes main() of a preprocessed program; `name` is its path in messages. */
export function runProgram(name: string, text: string): ProgramResult {
  const { stdout, exitCode, fault, limit, warnings, steps } = runC(name, text);
  if (fault !== undefined) return { kind: 'fault', stdout, reason: fault.text, steps };
  if (limit !== undefined) return { kind: 'limit', stdout, reason: limit.text, steps };
  if (exitCode === undefined) return { kind: 'limit', stdout, reason: 'the program did not end', steps };
  return { kind: 'exited', stdout, exitCode, warnings: warnings.map((warning) => warning.text), steps };
}
