// What the machine did in one call, as a list of 64-bit words: calls with arguments, results, and what intrinsics read and wrote.

/** Operations; native/twin.h has the same numbers. */
export const Op = {
  Enter: 1,
  Leave: 2,
  Intrinsic: 3,
  Result: 4,
  Write: 5,
  Read: 6,
  Call: 7,
  End: 8,
  Fault: 9,
  Fill: 10,
  Limit: 11,
} as const;

const encoder = new TextEncoder();

/** A growable list of words. */
export class Words {
  private words: BigUint64Array<ArrayBuffer>;
  length = 0;

  constructor(room = 1 << 12) {
    this.words = new BigUint64Array(room);
  }

  push(...values: readonly (bigint | number)[]): void {
    this.reserve(values.length);
    for (const value of values) this.words[this.length++] = BigInt.asUintN(64, BigInt(value));
  }

  /** Bytes, padded to whole words. */
  pushBytes(bytes: Uint8Array): void {
    const count = (bytes.length + 7) >> 3;
    this.reserve(count);
    this.words[this.length + count - 1] = 0n;
    new Uint8Array(this.words.buffer).set(bytes, this.length * 8);
    this.length += count;
  }

  /** Length in bytes, then the bytes. */
  pushText(text: string): void {
    const bytes = encoder.encode(text);
    this.push(bytes.length);
    if (bytes.length > 0) this.pushBytes(bytes);
  }

  append(other: Words): void {
    this.reserve(other.length);
    this.words.set(other.view(), this.length);
    this.length += other.length;
  }

  at(index: number): bigint {
    return this.words[index] ?? 0n;
  }

  view(): BigUint64Array {
    return this.words.subarray(0, this.length);
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.words.buffer, 0, this.length * 8);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.words.length) return;
    const wider = new BigUint64Array(Math.max(this.words.length * 2, this.length + count));
    wider.set(this.view());
    this.words = wider;
  }
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** Number of words of the operation at an index. */
function lengthOf(words: Words, at: number): number {
  switch (Number(words.at(at))) {
    case Op.Enter:
    case Op.Intrinsic:
    case Op.Call:
      return 3 + Number(words.at(at + 2));
    case Op.Write:
    case Op.Read:
      return 3 + Math.ceil(Number(words.at(at + 2)) / 8);
    case Op.Leave:
    case Op.Fill:
      return 4;
    case Op.Result:
      return 3;
    default:
      return 2;
  }
}

function textOf(op: number, words: Words, at: number, name: string): string {
  const args = (): string => Array.from({ length: Number(words.at(at + 2)) }, (_, i) => hex(words.at(at + 3 + i))).join(', ');
  switch (op) {
    case Op.Enter:
      return `${name}(${args()})`;
    case Op.Intrinsic:
      return `${name}(${args()})  [intrinsic]`;
    case Op.Call:
      return `calls ${name}(${args()})`;
    case Op.Leave:
      return `${name} = ${hex(words.at(at + 3))}`;
    case Op.Result:
      return `= ${hex(words.at(at + 2))}`;
    case Op.Write:
      return `writes ${words.at(at + 2)} bytes at ${hex(words.at(at + 1))}`;
    case Op.Read:
      return `reads ${words.at(at + 2)} bytes at ${hex(words.at(at + 1))}`;
    case Op.Fill:
      return `fills ${words.at(at + 2)} bytes at ${hex(words.at(at + 1))}`;
    default:
      return 'ends';
  }
}

/** The recording as text, one line for each operation from `from` on; at most `count` lines that end with the one at `until`. */
export function describeOps(words: Words, until: number, count: number, nameOf: (id: number) => string): readonly string[] {
  const lines: string[] = [];
  let depth = 0;
  for (let at = 0; at < words.length && at <= until; at += lengthOf(words, at)) {
    const op = Number(words.at(at));
    const name = nameOf(Number(words.at(at + 1)));
    if (op === Op.Leave || op === Op.Result) depth--;
    const indent = '  '.repeat(Math.max(0, depth));
    lines.push(`${at}: ${indent}${textOf(op, words, at, name)}`);
    if (op === Op.Enter || op === Op.Intrinsic) depth++;
  }
  return lines.slice(-count);
}
