// Which macros an inclusion looked at and which it defined: a log that nested inclusions share.

import { doubled } from './token-buffer.ts';

/** Value of an entry whose name was written before it was read: what it stood for before does not matter. */
const writtenFirst = -1;

/** Where an inclusion's part of the log begins. */
export interface LogFrame {
  readonly reads: number;
  readonly writes: number;
  /** `start` of the frame around it. */
  readonly outer: number;
}

/** What a part of the log says, each name once. */
export interface LogPart {
  /** Names read before they were written, and the macro (0: none) that was found. */
  readonly names: Int32Array;
  readonly found: Int32Array;
  readonly written: Int32Array;
}

/** Entries of nested frames; outside of frames nothing is logged. The room's hot loop asks `mark` and `start` itself. */
export class MacroLog {
  /** For each name the position of its last entry, from 1; positions are never used twice by different names. */
  mark: Int32Array;
  /** A name whose mark is not above this has no entry in the innermost frame yet; -1 outside of frames. */
  start = -1;
  private names = new Int32Array(1 << 13);
  private found = new Int32Array(1 << 13);
  private length = 0;
  /** Position of the log's first entry. */
  private base = 0;
  private written = new Int32Array(1 << 10);
  private writes = 0;
  private seen: Int32Array;
  private serial = 0;

  constructor(size: number) {
    this.mark = new Int32Array(size);
    this.seen = new Int32Array(size);
  }

  /** Makes room for names below `size`. */
  grow(size: number): void {
    const mark = new Int32Array(size);
    mark.set(this.mark);
    this.mark = mark;
    const seen = new Int32Array(size);
    seen.set(this.seen);
    this.seen = seen;
  }

  /** `name` was looked up and `macro` found. */
  read(name: number, macro: number): void {
    if ((this.mark[name] ?? 0) <= this.start) this.add(name, macro);
  }

  /** `name` is defined or undefined now. */
  write(name: number): void {
    if (this.start < 0) return;
    if ((this.mark[name] ?? 0) <= this.start) this.add(name, writtenFirst);
    if (this.writes === this.written.length) this.written = doubled(this.written);
    this.written[this.writes++] = name;
  }

  /** Logs an entry; `read` and `write` decide whether there is one. */
  add(name: number, macro: number): void {
    if (this.length === this.names.length) {
      this.names = doubled(this.names);
      this.found = doubled(this.found);
    }
    this.names[this.length] = name;
    this.found[this.length++] = macro;
    this.mark[name] = this.base + this.length;
  }

  begin(): LogFrame {
    const frame = { reads: this.length, writes: this.writes, outer: this.start };
    this.start = this.base + this.length;
    return frame;
  }

  /** Ends the innermost frame: its entries become the outer frame's, each name once. Gives them when `wanted`. */
  end(frame: LogFrame, wanted: boolean): LogPart | undefined {
    const { names, found, mark, seen, written } = this;
    let serial = ++this.serial;
    let to = frame.reads;
    let count = 0;
    for (let i = frame.reads; i < this.length; i++) {
      const name = names[i] ?? 0;
      if (seen[name] === serial) continue;
      seen[name] = serial;
      const macro = found[i] ?? 0;
      if (macro !== writtenFirst) count++;
      names[to] = name;
      found[to++] = macro;
      mark[name] = this.base + to;
    }
    this.length = to;
    serial = ++this.serial;
    let last = frame.writes;
    for (let i = frame.writes; i < this.writes; i++) {
      const name = written[i] ?? 0;
      if (seen[name] === serial) continue;
      seen[name] = serial;
      written[last++] = name;
    }
    this.writes = last;
    const part = wanted ? this.part(frame, count) : undefined;
    this.start = frame.outer;
    if (frame.outer < 0) this.reset();
    return part;
  }

  /** Forgets all frames. */
  reset(): void {
    this.start = -1;
    this.base += this.length;
    this.length = 0;
    this.writes = 0;
  }

  private part(frame: LogFrame, count: number): LogPart {
    const names = new Int32Array(count);
    const found = new Int32Array(count);
    let at = 0;
    for (let i = frame.reads; i < this.length; i++) {
      if (this.found[i] === writtenFirst) continue;
      names[at] = this.names[i] ?? 0;
      found[at++] = this.found[i] ?? 0;
    }
    return { names, found, written: this.written.slice(frame.writes, this.writes) };
  }
}
