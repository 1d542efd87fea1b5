// Same-length edits of a text: blank, overwrite; line ends are never touched, so every position stays true.

/** A text under masking. Offsets are those of the original text. */
export class MaskEditor {
  private readonly codes: Uint16Array;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
    const codes = new Uint16Array(text.length);
    for (let i = 0; i < text.length; i++) codes[i] = text.charCodeAt(i);
    this.codes = codes;
  }

  /** Replaces everything but line ends and tabs by spaces. */
  blank(from: number, to: number): void {
    const { codes } = this;
    for (let i = from; i < to; i++) {
      const c = codes[i]!;
      if (c !== 10 && c !== 13 && c !== 9) codes[i] = 32;
    }
  }

  /** Overwrites; what would fall on a line end or past the text's end is not written. */
  put(at: number, replacement: string): void {
    for (let k = 0; k < replacement.length && at + k < this.codes.length; k++) {
      const c = this.codes[at + k]!;
      if (c !== 10 && c !== 13) this.codes[at + k] = replacement.charCodeAt(k);
    }
  }

  /** Blanks a range and writes a word at its start when it fits. */
  replace(from: number, to: number, word: string): void {
    this.blank(from, to);
    if (word.length <= to - from) this.put(from, word);
  }

  /** Writes a character into the first blank that is no line end between two offsets; false when there is none. */
  putInGap(from: number, to: number, character: string): boolean {
    for (let i = from; i < to; i++) {
      const c = this.codes[i]!;
      if (c === 32 || c === 9) {
        this.codes[i] = character.charCodeAt(0);
        return true;
      }
    }
    return false;
  }

  hasLineEnd(from: number, to: number): boolean {
    const at = this.text.indexOf('\n', from);
    return at >= 0 && at < to;
  }

  result(): string {
    return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(this.codes);
  }
}
