// Which files have a line in column 1 that declares or begins a function, for every name of the tree: built from ripgrep's output, some ten bytes a line.

/** What ripgrep (or a scan) lists for the index: lines that begin in column 1 and have a parameter list but no end of a statement, unless a body follows. */
export const declaringLine = '^[A-Za-z_][^;={}()]*\\([^;]*(?:\\{.*)?$';

const newline = 10;
const open = 40;
const bucketBits = 17;
const systemCall = /^(COMPAT_)?SYSCALL_DEFINE\d$/;

/** Grows while lines arrive, answers after `finish`. */
export class DeclaringIndex {
  private readonly paths: string[] = [];
  private hashes = new Uint32Array(1 << 18);
  private files = new Uint32Array(1 << 18);
  private count = 0;
  private starts = new Uint32Array(0);
  private carry: Buffer | undefined;
  private expectsPath = true;

  /** Takes a piece of `path\n line\n line\n\n path\n …`, as `rg --heading` prints it. */
  add(piece: Buffer): void {
    const text = this.carry === undefined ? piece : Buffer.concat([this.carry, piece]);
    let at = 0;
    for (let end = text.indexOf(newline, at); end >= 0; end = text.indexOf(newline, at)) {
      this.line(text, at, end);
      at = end + 1;
    }
    this.carry = at < text.length ? Buffer.from(text.subarray(at)) : undefined;
  }

  /** Sorts what arrived. */
  finish(): void {
    if (this.carry !== undefined) this.line(this.carry, 0, this.carry.length);
    this.carry = undefined;
    const { count } = this;
    const starts = new Uint32Array((1 << bucketBits) + 1);
    const bucket = (hash: number): number => hash >>> (32 - bucketBits);
    for (let i = 0; i < count; i++) starts[bucket(this.hashes[i]!) + 1]!++;
    for (let b = 0; b < 1 << bucketBits; b++) starts[b + 1]! += starts[b]!;
    const next = starts.slice();
    const hashes = new Uint32Array(count);
    const files = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      const to = next[bucket(this.hashes[i]!)]!++;
      hashes[to] = this.hashes[i]!;
      files[to] = this.files[i]!;
    }
    this.hashes = hashes;
    this.files = files;
    this.starts = starts;
  }

  /** Files that may declare one of the names, unsorted. */
  filesDeclaring(names: readonly string[]): Set<string> {
    const found = new Set<string>();
    for (const name of names) {
      const hash = hashOf(Buffer.from(name, 'latin1'), 0, name.length);
      const b = hash >>> (32 - bucketBits);
      for (let i = this.starts[b]!; i < this.starts[b + 1]!; i++) if (this.hashes[i] === hash) found.add(this.paths[this.files[i]!]!);
    }
    return found;
  }

  private line(text: Buffer, from: number, to: number): void {
    const end = to > from && text[to - 1] === 13 ? to - 1 : to;
    if (end === from) {
      this.expectsPath = true;
      return;
    }
    if (this.expectsPath) {
      this.paths.push(
        text
          .toString('latin1', from, end)
          .replace(/^\.[\\/]/, '')
          .replaceAll('\\', '/'),
      );
      this.expectsPath = false;
      return;
    }
    // A loop, not indexOf: lines are short, and there are a million of them.
    let parenthesis = from;
    while (parenthesis < end && text[parenthesis] !== open) parenthesis++;
    if (parenthesis === end) return;
    let stop = parenthesis;
    while (stop > from && text[stop - 1]! <= 32) stop--;
    let begin = stop;
    while (begin > from && isWord(text[begin - 1]!)) begin--;
    if (begin === stop) return;
    // `MACRO(name(` and the name of a system call.
    let after = parenthesis + 1;
    while (after < end && isWord(text[after]!)) after++;
    if (after > parenthesis + 1) {
      if (text[after] === open) this.push(hashOf(text, parenthesis + 1, after));
      const call = text[begin] === 83 || text[begin] === 67 ? systemCall.exec(text.toString('latin1', begin, stop)) : null;
      if (call !== null) {
        const name = Buffer.from(
          `__do_${call[1] === undefined ? '' : 'compat_'}sys_${text.toString('latin1', parenthesis + 1, after)}`,
          'latin1',
        );
        this.push(hashOf(name, 0, name.length));
      }
    }
    this.push(hashOf(text, begin, stop));
  }

  private push(hash: number): void {
    if (this.count === this.hashes.length) {
      const hashes = new Uint32Array(this.count * 2);
      hashes.set(this.hashes);
      this.hashes = hashes;
      const files = new Uint32Array(this.count * 2);
      files.set(this.files);
      this.files = files;
    }
    this.hashes[this.count] = hash;
    this.files[this.count++] = this.paths.length - 1;
  }
}

function isWord(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || (c >= 48 && c <= 57);
}

/** FNV-1a over the bytes, mixed so that the high bits differ. */
function hashOf(text: Buffer, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ text[i]!, 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}
