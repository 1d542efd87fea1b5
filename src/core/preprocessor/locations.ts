// Linear source locations: one number for a character of any file of the session, as compilers keep them.

import type { Place } from '../../base/place.ts';

interface LocatedFile {
  readonly path: string;
  readonly base: number;
  readonly length: number;
  lineStarts: Int32Array;
}

/** Outdated texts whose places are still known, for what was made from them. */
const maxOutdated = 32;

/** Numbers locations; a file occupies [base, base + length]. Location 0 belongs to no file. */
export class Locations {
  private readonly files: LocatedFile[] = [];
  private readonly outdated: LocatedFile[] = [];
  private next = 1;

  /** Reserves numbers for a file's text and gives the first. */
  add(path: string, text: string): number {
    const base = this.next;
    // The text itself is not kept: line starts take a tenth of its room.
    this.files.push({ path, base, length: text.length, lineStarts: lineStartsOf(text) });
    this.next = base + text.length + 1;
    return base;
  }

  /** The text at this first number is outdated: places in it are known for a while longer, then all are its first line. */
  forget(base: number): void {
    const file = this.fileOf(base);
    if (file === undefined) return;
    this.outdated.push(file);
    const oldest = this.outdated.length > maxOutdated ? this.outdated.shift() : undefined;
    if (oldest !== undefined) oldest.lineStarts = firstLine;
  }

  /** How many numbers are given out. */
  get used(): number {
    return this.next;
  }

  /** Path, line and column of a location. */
  place(location: number): Place {
    const file = this.fileOf(location);
    if (file === undefined) return { path: '<built-in>', line: 1, column: 1 };
    const line = this.lineIn(file, location);
    const start = file.lineStarts[line - 1] ?? 0;
    return { path: file.path, line, column: location - file.base - start + 1 };
  }

  /** Line of a location, from 1. */
  line(location: number): number {
    const file = this.fileOf(location);
    return file === undefined ? 1 : this.lineIn(file, location);
  }

  /** Path of the file that a location lies in. */
  path(location: number): string {
    return this.fileOf(location)?.path ?? '<built-in>';
  }

  private fileOf(location: number): LocatedFile | undefined {
    let low = 0;
    let high = this.files.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const file = this.files[middle];
      if (file === undefined) return undefined;
      if (location < file.base) high = middle - 1;
      else if (location > file.base + file.length) low = middle + 1;
      else return file;
    }
    return undefined;
  }

  private lineIn(file: LocatedFile, location: number): number {
    const starts = file.lineStarts;
    const offset = location - file.base;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
}

const firstLine = Int32Array.of(0);

function lineStartsOf(text: string): Int32Array {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return Int32Array.from(starts);
}
