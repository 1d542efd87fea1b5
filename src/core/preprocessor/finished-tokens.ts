// The tokens of a finished unit: kept as runs of what some unit wrote first, laid out as arrays where somebody reads them.

import type { Interner } from '../../base/interner.ts';
import { type CounterToken, fillIn } from './counter.ts';
import { Token } from './token-kind.ts';
import type { OriginSource, TokenSegments } from './token-segments.ts';

/** Tokens by their place in the unit; longer than the unit, so that a reader may look ahead. */
export interface TokenArrays {
  /** `Token.*` of each token. */
  readonly kind: Uint8Array;
  /** Interned spelling of each token. */
  readonly id: Int32Array;
}

/** Tokens that are laid out together. */
const chunkShift = 8;

const pageSize = 4096;
/** Allocators take so much from the system as pages of zeros, which cost nothing until they are written. */
const slabSize = 64 << 20;

/** Where tokens are laid out: given back all at once when nobody reads them, and used again. */
export class TokenRoom {
  private readonly slabs: ArrayBuffer[] = [];
  private slab = 0;
  private used = 0;
  private users: FinishedTokens[] = [];

  /** Zeroed arrays for `count` tokens. */
  take(user: FinishedTokens, count: number): TokenArrays {
    const kindSize = roundUp(count);
    const size = kindSize + roundUp(count * 4);
    if (size > slabSize) return { kind: new Uint8Array(count), id: new Int32Array(count) };
    this.users.push(user);
    if (this.used + size > slabSize) {
      this.slab++;
      this.used = 0;
    }
    const buffer = (this.slabs[this.slab] ??= new ArrayBuffer(slabSize));
    const at = this.used;
    this.used += size;
    return { kind: new Uint8Array(buffer, at, count), id: new Int32Array(buffer, at + kindSize, count) };
  }

  /** Takes everything back. Nobody may hold arrays. */
  clear(): void {
    for (const user of this.users) user.fold();
    this.users = [];
    // A large trace's last slabs are not kept for small ones.
    this.slabs.length = Math.min(this.slabs.length, this.slab + 1);
    this.slab = 0;
    this.used = 0;
  }
}

function roundUp(bytes: number): number {
  return (bytes + pageSize - 1) & ~(pageSize - 1);
}

/**
 * All tokens of a unit, closed by end tokens. Nineteen of twenty came with headers that another unit read first, and a trace
 * reads few declarations of each: pages of the arrays that nobody reads cost nothing.
 */
export class FinishedTokens {
  readonly length: number;
  /** What the unit wrote itself. */
  readonly own: OriginSource;
  readonly segments: TokenSegments;
  /** Tokens of headers that hold numbers of __COUNTER__, in order. */
  readonly counters: readonly CounterToken[];
  private readonly lookahead: number;
  private readonly interner: Interner;
  private readonly room: TokenRoom;
  /** Whole arrays that the unit's writer lends until it writes the next one. */
  private lent: TokenArrays | undefined;
  private arrays: TokenArrays | undefined;
  private filled = new Uint8Array(0);
  private missing = 0;

  constructor(
    parts: Pick<FinishedTokens, 'length' | 'own' | 'segments' | 'counters'>,
    lookahead: number,
    interner: Interner,
    room: TokenRoom,
    lent: TokenArrays,
  ) {
    this.length = parts.length;
    this.own = parts.own;
    this.segments = parts.segments;
    this.counters = parts.counters;
    this.lookahead = lookahead;
    this.interner = interner;
    this.room = room;
    this.lent = lent;
  }

  /** All tokens. */
  whole(): TokenArrays {
    if (this.lent !== undefined) return this.lent;
    const arrays = this.arrays ?? this.start();
    if (this.missing > 0) for (let chunk = 0; chunk < this.filled.length; chunk++) this.fill(arrays, chunk);
    return arrays;
  }

  /** The tokens of the declaration that `at` lies in, from `at` on, and some on either side; elsewhere there may be end tokens only. */
  around(at: number): TokenArrays {
    const arrays = this.arrays ?? this.start();
    if (this.missing === 0) return arrays;
    let chunk = at >> chunkShift;
    if (chunk > 0) this.fill(arrays, chunk - 1);
    const { kind } = arrays;
    let depth = 0;
    for (let i = at, end = at; i < this.length; i++) {
      if (i >= end) {
        this.fill(arrays, chunk);
        end = ++chunk << chunkShift;
      }
      const k = kind[i];
      if (k === Token.LParen || k === Token.LBrace || k === Token.LBracket) depth++;
      else if (k === Token.RParen || k === Token.RBrace || k === Token.RBracket) depth--;
      else if (k === Token.Semicolon && depth <= 0) break;
    }
    if (chunk < this.filled.length) this.fill(arrays, chunk);
    return arrays;
  }

  /** Interned spelling of token `i`; -1 for the end. */
  idAt(i: number): number {
    if (i >= this.length) return -1;
    if (this.lent !== undefined) return this.lent.id[i] ?? -1;
    if (this.arrays !== undefined && this.filled[i >> chunkShift] === 1) return this.arrays.id[i] ?? -1;
    return this.around(i).id[i] ?? -1;
  }

  /** Copies tokens [from, to) into arrays, from their place `start` on; numbers of __COUNTER__ are those of whoever wrote them. */
  copy(from: number, to: number, kind: Uint8Array, id: Int32Array, start: number): void {
    const { own } = this;
    this.segments.runs(from, to, (at, end, first, source = own) => {
      kind.set(source.kind.subarray(first, first + end - at), start + at - from);
      id.set(source.id.subarray(first, first + end - at), start + at - from);
    });
  }

  /** Lets the arrays go until they are read again; leaves zeros behind. */
  fold(): void {
    const { arrays } = this;
    if (arrays === undefined) return;
    this.arrays = undefined;
    for (let chunk = 0; chunk < this.filled.length; chunk++) {
      if (this.filled[chunk] === 0) continue;
      const from = chunk << chunkShift;
      arrays.kind.fill(0, from, from + (1 << chunkShift));
      arrays.id.fill(0, from, from + (1 << chunkShift));
    }
    arrays.id.fill(0, this.length);
  }

  /** The writer needs its arrays again. */
  takeBack(): void {
    this.lent = undefined;
  }

  private start(): TokenArrays {
    const arrays = this.room.take(this, this.length + this.lookahead);
    arrays.id.fill(-1, this.length);
    this.arrays = arrays;
    this.missing = (this.length >> chunkShift) + 1;
    this.filled = new Uint8Array(this.missing);
    return arrays;
  }

  private fill({ kind, id }: TokenArrays, chunk: number): void {
    if (this.filled[chunk] !== 0) return;
    this.filled[chunk] = 1;
    this.missing--;
    const from = chunk << chunkShift;
    const to = Math.min(from + (1 << chunkShift), this.length);
    this.copy(from, to, kind, id, from);
    for (let i = firstFrom(this.counters, from); i < this.counters.length; i++) {
      const counter = this.counters[i];
      if (counter === undefined || counter.at >= to) break;
      id[counter.at] = fillIn(this.interner, counter.template, counter.base);
    }
  }
}

/** Index of the first counter token at or behind token `at`. */
export function firstFrom(counters: readonly CounterToken[], at: number): number {
  let low = 0;
  let high = counters.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((counters[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
