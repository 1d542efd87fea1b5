// Child processes and temporary folders of the developer tools; whatever ends the tool, none of them stays behind.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

const children = new Set<ChildProcess>();
const leftovers = new Set<string>();

/** Ends a child with everything it started (each child leads its own process group). */
export function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    // It has ended meanwhile.
  }
}

function signalAll(signal: NodeJS.Signals): void {
  for (const child of children) {
    if (child.pid === undefined) continue;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Milliseconds that children get to end their own children, which lead process groups too. */
const GRACE = 1500;

function cleanUp(): void {
  if (children.size > 0) {
    signalAll('SIGTERM');
    // An exit handler cannot await: this sleeps.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, GRACE);
    signalAll('SIGKILL');
  }
  for (const path of leftovers) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

process.on('exit', cleanUp);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(130));
}

/** A folder that is removed when the tool ends, however it ends. */
export function temporaryFolder(purpose: string): string {
  const path = mkdtempSync(join(tmpdir(), `daxtrace-${purpose}-`));
  leftovers.add(path);
  return path;
}

/** Has a file or folder removed at the end, unless the returned function is called before. */
export function removeAtExit(path: string): () => void {
  leftovers.add(path);
  return () => leftovers.delete(path);
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds; the child is killed afterwards. */
  readonly timeout?: number;
  /** Collect the output instead of passing it on to the terminal. */
  readonly capture?: boolean;
  /** Called for each piece of output, with capture. */
  readonly onOutput?: (text: string) => void;
}

export interface RunResult {
  /** Exit code; 127 when the program does not exist, 124 after the timeout. */
  readonly code: number;
  /** stdout and stderr in order of arrival; empty without `capture`. */
  readonly output: string;
  readonly stdout: string;
}

/** Starts a program in its own process group; it ends with the tool at the latest. */
export function start(command: string, args: readonly string[], options: RunOptions = {}): ChildProcess {
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: options.capture === true ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  children.add(child);
  child.on('exit', () => children.delete(child));
  child.on('error', () => children.delete(child));
  return child;
}

/** Runs a program to its end. Never rejects: a program that is missing has code 127. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = start(command, args, options);
    let output = '';
    let stdout = '';
    let timedOut = false;
    const timer =
      options.timeout === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            killTree(child);
          }, options.timeout);
    child.stdout?.on('data', (data: Buffer) => {
      output += data.toString();
      stdout += data.toString();
      options.onOutput?.(data.toString());
    });
    child.stderr?.on('data', (data: Buffer) => {
      output += data.toString();
      options.onOutput?.(data.toString());
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: 127, output: error.message, stdout });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: timedOut ? 124 : (code ?? 1), output, stdout });
    });
  });
}

/** True when a program of that name is on the PATH. */
export async function exists(program: string): Promise<boolean> {
  return (await run('sh', ['-c', `command -v ${program}`], { capture: true })).code === 0;
}

/** Path of a tool in node_modules/.bin. */
export function tool(name: string): string {
  return join(root, 'node_modules/.bin', name);
}
