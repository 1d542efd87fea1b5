// Runs a hosted C program for `daxtrace run`.
import { Bug } from '../base/assert.ts';

export type ProgramResult =
  | { readonly kind: 'exited'; readonly stdout: string; readonly exitCode: number }
  | { readonly kind: 'fault' | 'limit'; readonly stdout: string; readonly reason: string };

/** Executes main() of a preprocessed program. */
export function runProgram(name: string, text: string): ProgramResult {
  throw new Bug(`no machine for ${name} (${text.length} characters) yet`);
}
