// The preprocessed tokens of one unit as parallel arrays (about 8 bytes a token), with the text that each token came from.

import type { Interner } from '../../base/interner.ts';
import type { Place } from '../../base/place.ts';
import type { Expansions } from './expansions.ts';
import type { Locations } from './locations.ts';
import type { FinishedTokens, TokenArrays } from './finished-tokens.ts';
import type { OriginSource, TokenSegments } from './token-segments.ts';

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
  private readonly tokens: FinishedTokens;
  private readonly own: OriginSource;
  private readonly segments: TokenSegments;
  private readonly locations: Locations;

  constructor(tokens: FinishedTokens, interner: Interner, locations: Locations) {
    this.interner = interner;
    this.length = tokens.length;
    this.tokens = tokens;
    this.own = tokens.own;
    this.segments = tokens.segments;
    this.locations = locations;
  }

  /** `Token.*` of every token. Lays the whole unit out. */
  get kind(): Uint8Array {
    return this.tokens.whole().kind;
  }

  /** Interned spelling of every token. Lays the whole unit out. Who reads many takes the array once, and does not keep it. */
  get id(): Int32Array {
    return this.tokens.whole().id;
  }

  /** The tokens of the declaration at `at`, at their places in the unit; `FinishedTokens.around` tells how many. */
  around(at: number): TokenArrays {
    return this.tokens.around(at);
  }

  /** Text of token `i`; '' for the end. */
  spelling(i: number): string {
    const id = this.tokens.idAt(i);
    return id < 0 ? '' : this.interner.text(id);
  }

  /** Place in the user's text: of the token itself, or of the name of the outermost macro that wrote it. An argument keeps the place where it was written. */
  place(i: number): Place {
    const { location, expansion, expansions } = this.locate(i);
    return this.locations.place(expansions.outermost(location, expansion));
  }

  /** Place of the characters of token `i`, inside a macro's body if a macro wrote it. A pasted or stringified token has its macro's name. */
  spelledAt(i: number): Place {
    return this.locations.place(this.locate(i).location);
  }

  /** Macros that wrote token `i`, innermost first; empty when it stands in a file's text. */
  origin(i: number): readonly MacroOrigin[] {
    const chain: MacroOrigin[] = [];
    const { expansion, expansions } = this.locate(i);
    for (let e = expansion; e !== 0; e = expansions.parent(e)) {
      chain.push({
        macro: this.interner.text(expansions.name(e)),
        at: this.locations.place(expansions.nameLocation(e)),
      });
    }
    return chain;
  }

  /** Bytes that the stream holds alone: what it shares with the unit that read a header first is not counted. */
  get size(): number {
    return this.own.kind.byteLength + this.own.id.byteLength + this.own.origins.size + this.own.expansions.bytes;
  }

  /** Linear location of a token's characters, and the innermost expansion that wrote it (0 when it stands in a file's text). */
  private locate(i: number): { readonly location: number; readonly expansion: number; readonly expansions: Expansions } {
    const { source, index } = this.segments.find(Math.min(i, Math.max(0, this.length - 1)));
    const { origins, expansions } = source ?? this.own;
    const { location, expansion } = origins.read(index);
    return { location, expansion, expansions };
  }

  /** Texts of tokens [start, end) with one space between them; for messages. */
  text(start: number, end: number): string {
    const parts: string[] = [];
    for (let i = start; i < Math.min(end, this.length); i++) parts.push(this.spelling(i));
    return parts.join(' ');
  }
}
