// The preprocessed tokens of one unit as parallel arrays (about 8 bytes a token), with the text that each token came from.

import type { Interner } from '../../base/interner.ts';
import type { Place } from '../../base/place.ts';
import type { Expansions } from './expansions.ts';
import type { Locations } from './locations.ts';
import { Token } from './token-kind.ts';
import type { TokenOrigins } from './token-origins.ts';

/** One macro that a token passed through on its way into the stream. */
export interface MacroOrigin {
  readonly macro: string;
  /** Where the macro's name is written. */
  readonly at: Place;
}

/** Arrays are longer than `length`; from `length` on every kind is `Token.End`, so a reader may look ahead without a bound. */
export class TokenStream {
  readonly interner: Interner;
  readonly length: number;
  /** `Token.*` of each token. */
  readonly kind: Uint8Array;
  /** Interned spelling of each token. */
  readonly id: Int32Array;
  /** Linear location of each token's characters, and the innermost expansion that wrote it (0 when it stands in a file's text). */
  readonly origins: TokenOrigins;
  private readonly locations: Locations;
  private readonly expansions: Expansions;

  constructor(parts: {
    interner: Interner;
    length: number;
    kind: Uint8Array;
    id: Int32Array;
    origins: TokenOrigins;
    locations: Locations;
    expansions: Expansions;
  }) {
    this.interner = parts.interner;
    this.length = parts.length;
    this.kind = parts.kind;
    this.id = parts.id;
    this.origins = parts.origins;
    this.locations = parts.locations;
    this.expansions = parts.expansions;
  }

  /** Text of token `i`; '' for the end. */
  spelling(i: number): string {
    return this.kind[i] === Token.End || i >= this.length ? '' : this.interner.text(this.id[i] ?? 0);
  }

  /** Place in the user's text: of the token itself, or of the name of the outermost macro that wrote it. An argument keeps the place where it was written. */
  place(i: number): Place {
    const { location, expansion } = this.origins.read(i);
    return this.locations.place(this.expansions.outermost(location, expansion));
  }

  /** Place of the characters of token `i`, inside a macro's body if a macro wrote it. A pasted or stringified token has its macro's name. */
  spelledAt(i: number): Place {
    return this.locations.place(this.origins.read(i).location);
  }

  /** Macros that wrote token `i`, innermost first; empty when it stands in a file's text. */
  origin(i: number): readonly MacroOrigin[] {
    const chain: MacroOrigin[] = [];
    for (let e = this.origins.read(i).expansion; e !== 0; e = this.expansions.parent(e)) {
      chain.push({
        macro: this.interner.text(this.expansions.name(e)),
        at: this.locations.place(this.expansions.nameLocation(e)),
      });
    }
    return chain;
  }

  /** Bytes that the stream holds, expansions included. */
  get size(): number {
    return this.kind.byteLength + this.id.byteLength + this.origins.size + this.expansions.bytes;
  }

  /** Texts of tokens [start, end) with one space between them; for messages. */
  text(start: number, end: number): string {
    const parts: string[] = [];
    for (let i = start; i < Math.min(end, this.length); i++) parts.push(this.spelling(i));
    return parts.join(' ');
  }
}
