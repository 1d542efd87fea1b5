// Collects the tokens of one unit while it is preprocessed.

import type { Interner } from '../../base/interner.ts';
import { type CounterToken, fillIn, hasStandIn } from './counter.ts';
import type { Expansions } from './expansions.ts';
import { LimitReached, maxTokens } from './limits.ts';
import { FinishedTokens, firstFrom, type TokenRoom } from './finished-tokens.ts';
import { Token } from './token-kind.ts';
import { TokenOrigins } from './token-origins.ts';
import { TokenSegments } from './token-segments.ts';

/** Growing parallel arrays. */
export class TokenOutput {
  kind: Uint8Array;
  id: Int32Array;
  length = 0;
  private origins: TokenOrigins;
  private segments = new TokenSegments();
  private counters: CounterToken[] = [];

  constructor(capacity: number) {
    this.kind = new Uint8Array(capacity);
    this.id = new Int32Array(capacity);
    this.origins = new TokenOrigins(capacity >> 2);
  }

  /** Makes room for `count` tokens. */
  reserve(count: number): void {
    this.origins.reserve(count);
    this.reserveTokens(count);
  }

  private reserveTokens(count: number): void {
    const need = this.length + count;
    if (need <= this.kind.length) return;
    if (need > maxTokens) throw new LimitReached(`the unit has more than ${maxTokens} tokens`);
    const size = Math.max(need, this.kind.length + (this.kind.length >> 1));
    const kind = new Uint8Array(size);
    kind.set(this.kind.subarray(0, this.length));
    this.kind = kind;
    const id = new Int32Array(size);
    id.set(this.id.subarray(0, this.length));
    this.id = id;
  }

  /** Appends one token; there must be room. */
  put(kind: number, id: number, location: number, expansion: number): void {
    const at = this.length++;
    this.kind[at] = kind;
    this.id[at] = id;
    this.origins.push(location, expansion);
  }

  /** Appends one token. */
  push(kind: number, id: number, location: number, expansion: number): void {
    this.reserve(1);
    this.put(kind, id, location, expansion);
  }

  /** Puts numbers of the counter, which was `base` when the expansion began, where stand-ins are in the tokens from `from` on. */
  fillInCounters(from: number, base: number, interner: Interner): void {
    for (let at = from; at < this.length; at++) {
      const kind = this.kind[at];
      const template = this.id[at] ?? 0;
      if (kind !== Token.Identifier && kind !== Token.Number && kind !== Token.String) continue;
      if (!hasStandIn(interner.text(template))) continue;
      this.counters.push({ at, template, base });
      this.id[at] = fillIn(interner, template, base);
    }
  }

  /** Appends tokens [from, to) of a finished unit; numbers of the counter are higher by `step`. */
  copy(unit: FinishedTokens, from: number, to: number, step: number, interner: Interner): void {
    const count = to - from;
    if (count === 0) return;
    this.reserveTokens(count);
    const start = this.length;
    unit.copy(from, to, this.kind, this.id, start);
    unit.segments.copy(from, to, unit.own, this.segments, start);
    this.length += count;
    this.segments.add(this.length, this.origins.length, undefined);
    for (let i = firstFrom(unit.counters, from); i < unit.counters.length; i++) {
      const token = unit.counters[i];
      if (token === undefined || token.at >= to) break;
      const at = token.at - from + start;
      const base = token.base + step;
      this.counters.push({ at, template: token.template, base });
      this.id[at] = fillIn(interner, token.template, base);
    }
  }

  /** Copies what the unit wrote itself, and where the rest of its tokens comes from; `lookahead` end tokens follow them. Its own arrays are lent. */
  finish(lookahead: number, expansions: Expansions, interner: Interner, room: TokenRoom): FinishedTokens {
    const { length, counters } = this;
    const segments = this.segments.fork(length);
    const kind = new Uint8Array(this.origins.length);
    const id = new Int32Array(this.origins.length);
    segments.runs(0, length, (start, end, first, source) => {
      if (source !== undefined) return;
      kind.set(this.kind.subarray(start, end), first);
      id.set(this.id.subarray(start, end), first);
    });
    const own = { kind, id, origins: this.origins.trimmed(), expansions };
    this.reserveTokens(lookahead);
    this.kind.fill(Token.End, length, length + lookahead);
    this.id.fill(-1, length, length + lookahead);
    const lent = { kind: this.kind.subarray(0, length + lookahead), id: this.id.subarray(0, length + lookahead) };
    return new FinishedTokens({ length, own, segments, counters: [...counters] }, lookahead, interner, room, lent);
  }

  /** Empties it; room is kept. */
  clear(): void {
    this.length = 0;
    this.origins.clear();
    this.segments.clear();
    this.counters = [];
  }

  /** Starts over with the first `length` tokens of a finished unit. */
  restart(from: FinishedTokens, length: number, interner: Interner): void {
    this.length = 0;
    if (this.kind.length < length + 4096) {
      this.kind = new Uint8Array(length + 4096);
      this.id = new Int32Array(length + 4096);
    }
    from.copy(0, length, this.kind, this.id, 0);
    this.length = length;
    this.origins = from.own.origins.fork(from.segments.ownBefore(length));
    this.segments = from.segments.fork(length);
    this.segments.add(length, this.origins.length, undefined);
    this.counters = from.counters.slice(0, firstFrom(from.counters, length));
    for (const { at, template, base } of this.counters) this.id[at] = fillIn(interner, template, base);
  }
}
