// What every command shares: usage errors, flags, output; stdout is the result, stderr the progress.
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { statSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Exit codes: issue of the command line. */
export const exit = { done: 0, found: 1, usage: 2, unknown: 3 } as const;
export type ExitCode = (typeof exit)[keyof typeof exit];

/** Wrong usage or bad input; the message says what and where. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Where a command writes. */
export interface Terminal {
  out(text: string): void;
  /** What is going on; only shown when it takes a while. */
  progress(phase: string): void;
  /** A line for stderr that always appears. */
  note(text: string): void;
}

export interface Command {
  readonly name: string;
  /** One line: arguments. */
  readonly synopsis: string;
  readonly summary: string;
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>;
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parsed flags of a command; every command takes --json. */
export function flagsOf<T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...options, json: { type: 'boolean' } } as const,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The folder behind --tree. */
export function treeOf(value: string | undefined): string {
  if (value === undefined) throw new UsageError('--tree DIR is missing: which kernel tree?');
  const root = resolve(value);
  const stat = statSync(root, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`--tree ${value}: no such folder`);
  if (!stat.isDirectory()) throw new UsageError(`--tree ${value}: is not a folder`);
  return root;
}

/** Text of an input file; `flag` names it in the message. */
export function readInput(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new UsageError(`${flag} ${path}: ${code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'is a folder' : String(error)}`);
  }
}

/** A whole number of at least `least`. */
export function numberOf(flag: string, value: string | undefined, fallback: number, least: number): number {
  if (value === undefined) return fallback;
  if (!/^\d+$/.test(value) || Number(value) < least) throw new UsageError(`${flag} ${value}: expected a whole number from ${least}`);
  return Number(value);
}

/** Exactly one positional argument. */
export function onlyArgument(positionals: readonly string[], what: string): string {
  const [first, second] = positionals;
  if (first === undefined) throw new UsageError(`${what} is missing`);
  if (second !== undefined) throw new UsageError(`one ${what} at a time: ${second} is too much`);
  return first;
}

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
