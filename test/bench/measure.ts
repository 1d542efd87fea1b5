// Measuring helpers: a child's time and peak memory, the median of samples, one printed row per number.

import { readFileSync, statSync } from 'node:fs';
import { start } from '../../src/dev/process.ts';

export interface ChildCost {
  readonly code: number;
  /** Milliseconds from start to exit. */
  readonly milliseconds: number;
  /** Bytes of the largest resident set (VmHWM of /proc; 0 where there is no /proc). */
  readonly peakBytes: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program and watches its memory. */
export function cost(command: string, args: readonly string[], cwd?: string): Promise<ChildCost> {
  return new Promise((resolve) => {
    const begin = performance.now();
    const child = start(command, args, { capture: true, ...(cwd === undefined ? {} : { cwd }) });
    let stdout = '';
    let stderr = '';
    let peakBytes = 0;
    const look = (): void => {
      try {
        const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
        peakBytes = Math.max(peakBytes, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024);
      } catch {
        // It has ended, or there is no /proc.
      }
    };
    const timer = setInterval(look, 20);
    child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
    child.on('close', (code) => {
      clearInterval(timer);
      resolve({ code: code ?? 1, milliseconds: performance.now() - begin, peakBytes, stdout, stderr });
    });
    child.on('error', (error) => {
      clearInterval(timer);
      resolve({ code: 127, milliseconds: 0, peakBytes: 0, stdout, stderr: error.message });
    });
  });
}

/** Processor time of this process, its threads and its ended children, in milliseconds (0 where there is no /proc): other load on the machine does not change it. */
export function processorTime(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    // utime, stime, cutime, cstime in hundredths of a second.
    return [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0) * 10;
  } catch {
    return 0;
  }
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Prints `name  value  target  ok|MISSED` and tells whether it was met. `target` undefined: for information. */
export function report(name: string, value: number, unit: string, target?: number): boolean {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const shown = `${value.toFixed(digits)} ${unit}`;
  const met = target === undefined || value <= target;
  const judged = target === undefined ? '' : `<= ${target} ${unit}`.padEnd(14) + (met ? 'ok' : 'MISSED');
  console.log(`${name.padEnd(52)} ${shown.padStart(14)}   ${judged}`);
  return met;
}

/** One row for a number that could not be measured. */
export function notMeasured(name: string, why: string): void {
  console.log(`${name.padEnd(52)} ${'-'.padStart(14)}   not measured: ${why}`);
}

export function megabytes(bytes: number): number {
  return bytes / (1 << 20);
}

export function fileKilobytes(path: string): number {
  return Math.ceil(statSync(path).size / 1024);
}
