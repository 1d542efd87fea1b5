// Instructions that are too rare or too long for the interpreter's loop.
import { Bug } from '../../base/assert.ts';
import { bswap, ctz, popcount } from './bits.ts';
import { floatOperation } from './floats.ts';
import { fieldWriters, floatOperations, traps, unaryBuiltins, wideOperations } from './ir.ts';
import { wideOperation } from './wide.ts';
import type { LoweredFunction } from './ir.ts';
import { join, low } from './memory.ts';
import { stopWithFault, stopWithLimit } from './outcome.ts';
import { SCOPE_DEAD } from './paging.ts';
import { RecordOperations } from './record-operations.ts';
import { INFO } from './state.ts';
import { textBase } from './regions.ts';

/** Sign- or zero-extends the low `bits` of a value to 64 bits (unsigned pattern). Negative bits mean signed. */
export function extend(value: bigint, bits: number): bigint {
  if (bits === 0) return 0n;
  return bits < 0 ? BigInt.asUintN(64, BigInt.asIntN(-bits, value)) : BigInt.asUintN(bits, value);
}

/** The part of the machine that executes rare instructions. */
export class MachineOperations extends RecordOperations {
  /** Function whose instruction is executing. */
  get current(): LoweredFunction {
    const fn = this.fns[this.functionOf(this.depth - 1)];
    if (fn === undefined) throw new Bug('no function is executing');
    return fn;
  }

  /** Id of the function at a text address; a fault when there is none. */
  functionAt(lo: number, hi: number): number {
    const distance = (lo - low(textBase)) >>> 0;
    if (hi === -1 && (distance & 15) === 0 && distance >>> 4 < this.provider.functionCount) return distance >>> 4;
    const address = join(lo, hi);
    const digits = address.toString(16).padStart(16, '0');
    if (address < 4096n) {
      return stopWithFault({
        kind: 'null-pointer',
        text: `BUG: kernel NULL pointer dereference, address: ${digits} (supervisor instruction fetch)`,
        address,
      });
    }
    return stopWithFault({
      kind: 'bad-call',
      text: `BUG: unable to handle page fault for address: ${digits} (supervisor instruction fetch)`,
      address,
      object: this.memory.describe?.(address),
    });
  }

  divideError(): never {
    return stopWithFault({ kind: 'division-by-zero', text: 'divide error: 0000 [#1]' });
  }

  badShift(count: number, width: number): void {
    this.warnOnce({ kind: 'bad-shift', text: `UBSAN: shift-out-of-bounds: shift exponent ${count} is too large for ${width}-bit type` });
  }

  missingReturn(): void {
    const d = (this.depth - 1) * 8;
    if ((this.frames[d + 3] as number) < 0) return;
    this.warnOnce({ kind: 'missing-return-value', text: `${this.current.name} ended without a value, and its caller uses it` });
  }

  unsetVariable(index: number): void {
    this.warnOnce({
      kind: 'uninitialised-read',
      text: `BUG: KMSAN: uninit-value: local '${this.current.checked[index] ?? '?'}' of ${this.current.name}`,
    });
  }

  checkIndex(lo: number, hi: number, bound: number): void {
    const index = BigInt.asIntN(64, join(lo, hi));
    this.warnOnce({
      kind: 'index-out-of-bounds',
      text: `UBSAN: array-index-out-of-bounds: index ${index} is out of range for an array of ${bound}`,
    });
  }

  /** A size, or a string's length with its NUL, against the array inside an object that it is written to. */
  checkField(slot: number, bound: number, writer: number): void {
    const [name = '', sizeAt = -1] = fieldWriters[writer] ?? [];
    const value = this.pair(slot);
    if (sizeAt >= 0) {
      if (value <= BigInt(bound)) return;
      const text = `${name}: detected field-spanning write (size ${value}) of single field (size ${bound})`;
      this.warnOnce({ kind: 'out-of-bounds', text });
      return;
    }
    for (let i = 0n; i < BigInt(bound); i++) if (this.memory.peekByte(value + i) === 0) return;
    this.warnOnce({
      kind: 'out-of-bounds',
      text: `${name}: detected buffer overflow: the string does not fit into its field of ${bound} bytes`,
    });
  }

  trap(kind: number, text: number): never {
    const what = traps[kind];
    const words = this.current.texts[text] ?? '';
    switch (what) {
      case 'unreachable':
        return stopWithFault({ kind: 'unreachable', text: `code that must be unreachable was reached in ${this.current.name}` });
      case 'bad-code':
        return stopWithFault({ kind: 'bug', text: 'invalid opcode: 0000 [#1]' });
      case 'refused':
        return stopWithLimit('refused-function', words);
      default:
        throw new Bug(`trap ${kind}`);
    }
  }

  switchTarget(pc: number, lo: number, hi: number): number {
    const { code } = this;
    const slot = code[pc + 2] === 1;
    const count = code[pc + 3] as number;
    const value = slot ? BigInt.asIntN(64, join(lo, hi)) : join(lo, hi);
    for (let i = 0; i < count; i++) {
      const at = pc + 5 + 5 * i;
      let from = join(code[at] as number, code[at + 1] as number);
      let to = join(code[at + 2] as number, code[at + 3] as number);
      if (slot) {
        from = BigInt.asIntN(64, from);
        to = BigInt.asIntN(64, to);
      }
      if (value >= from && value <= to) return code[at + 4] as number;
    }
    return code[pc + 4] as number;
  }

  // ---- stack, variadic arguments ----------------------------------------------------------------------------------

  alloca(d: number, a: number): void {
    const size = Number(this.pair(a));
    const room = Math.ceil((size + 16) / 16) * 16;
    this.lowerStack(room);
    const address = join(this.sp, this.stackHigh);
    this.memory.open(address, size, false);
    this.registers[d] = this.sp;
    this.registers[d + 1] = this.stackHigh;
  }

  saveStackPointer(d: number): void {
    this.registers[d] = this.sp;
    this.registers[d + 1] = this.stackHigh;
  }

  restoreStackPointer(a: number): void {
    this.closeFrame(this.registers[a] as number, SCOPE_DEAD);
  }

  variadicStart(list: number, fp: number): void {
    const { memory } = this;
    const at = this.pair(list);
    const area = this.pair(fp + this.current.variadicSlot);
    // struct __va_list_tag with both register areas used up: every argument comes from the overflow area.
    memory.writeU32(at, 48);
    memory.writeU32(at + 4n, 304);
    memory.writeU64(at + 8n, area);
    memory.writeU64(at + 16n, 0n);
  }

  // ---- builtins ---------------------------------------------------------------------------------------------------

  unaryBuiltin(kind: number, d: number, a: number): void {
    const { registers: R } = this;
    const l = R[a] as number;
    const h = R[a + 1] as number;
    const name = unaryBuiltins[kind];
    let result = 0;
    switch (name) {
      case 'clz32':
        result = Math.clz32(l);
        break;
      case 'clz64':
        result = h === 0 ? 32 + Math.clz32(l) : Math.clz32(h);
        break;
      case 'ctz32':
        result = ctz(l);
        break;
      case 'ctz64':
        result = l === 0 ? 32 + ctz(h) : ctz(l);
        break;
      case 'ffs32':
        result = l === 0 ? 0 : ctz(l) + 1;
        break;
      case 'ffs64':
        result = l !== 0 ? ctz(l) + 1 : h !== 0 ? ctz(h) + 33 : 0;
        break;
      case 'popcount32':
        result = popcount(l);
        break;
      case 'popcount64':
        result = popcount(l) + popcount(h);
        break;
      case 'parity32':
        result = popcount(l) & 1;
        break;
      case 'parity64':
        result = (popcount(l) + popcount(h)) & 1;
        break;
      case 'clrsb32':
        result = Math.clz32(l ^ (l >> 31)) - 1;
        break;
      case 'clrsb64': {
        const sign = h >> 31;
        const x = h ^ sign;
        result = (x === 0 ? 32 + Math.clz32(l ^ sign) : Math.clz32(x)) - 1;
        break;
      }
      case 'bswap16':
        result = ((l >>> 8) & 0xff) | ((l & 0xff) << 8);
        break;
      case 'bswap32':
        result = bswap(l);
        break;
      case 'bswap64':
        R[d] = bswap(h);
        R[d + 1] = bswap(l);
        return;
      case 'frame-address':
        R[d] = this.sp;
        R[d + 1] = this.stackHigh;
        return;
      case 'return-address': {
        const caller = this.depth >= 2 ? this.functionOf(this.depth - 2) : 0;
        this.setPair(d, textBase + 16n * BigInt(caller));
        return;
      }
      case undefined:
        throw new Bug(`builtin ${kind}`);
    }
    R[d] = result;
    R[d + 1] = 0;
  }

  overflow(pc: number, fp: number): void {
    const { code } = this;
    const word = (n: number): number => code[pc + n] as number;
    const bits = (encoded: number): number => (encoded >= 128 ? -(encoded - 128) : encoded);
    const operand = (slot: number, encoded: number): bigint => {
      const b = bits(encoded);
      const raw = this.pair(fp + slot);
      return b < 0 ? BigInt.asIntN(-b, raw) : BigInt.asUintN(b, raw);
    };
    const left = operand(word(4), word(5));
    const right = operand(word(6), word(7));
    const exact = word(1) === 0 ? left + right : word(1) === 1 ? left - right : left * right;
    const b = bits(word(2));
    const result = b < 0 ? BigInt.asIntN(-b, exact) : BigInt.asUintN(b, exact);
    this.setPair(fp + word(3), result);
    this.registers[fp + word(8)] = result === exact ? 0 : 1;
    this.registers[fp + word(8) + 1] = 0;
  }

  wide(kind: number, d: number, a: number, b: number): void {
    const name = wideOperations[kind];
    if (name === undefined) throw new Bug(`128-bit operation ${kind}`);
    if (name === 'from-s64' || name === 'from-u64') {
      const sign = name === 'from-s64' ? (this.registers[a + 1] as number) >> 31 : 0;
      this.setPair(d, this.pair(a));
      this.registers[d + 2] = sign;
      this.registers[d + 3] = sign;
      return;
    }
    const x = this.pair(a) | (this.pair(a + 2) << 64n);
    const count = this.pair(b) & 127n;
    const y = name.startsWith('sh') || name === 'sar' ? count : this.pair(b) | (this.pair(b + 2) << 64n);
    if (y === 0n && /^(?:div|rem)/.test(name)) this.divideError();
    const result = wideOperation(name, x, y);
    if (typeof result === 'boolean') {
      this.registers[d] = result ? 1 : 0;
      this.registers[d + 1] = 0;
      return;
    }
    const r = BigInt.asUintN(128, result);
    this.setPair(d, r & 0xffffffffffffffffn);
    this.setPair(d + 2, r >> 64n);
  }

  float(kind: number, d: number, a: number, b: number): void {
    const name = floatOperations[kind];
    if (name === undefined) throw new Bug(`floating point operation ${kind}`);
    this.setPair(d, floatOperation(name, this.pair(a), this.pair(b)));
  }

  /** Copies a lowered function into the code area. */
  install(id: number, fn: LoweredFunction): void {
    const start = this.codeLength;
    if (start + fn.code.length > this.code.length) {
      const wider = new Int32Array(Math.max(this.code.length * 2, start + fn.code.length));
      wider.set(this.code);
      this.code = wider;
    }
    this.code.set(fn.code, start);
    for (const t of fn.targets) this.code[start + t] = (this.code[start + t] as number) + start;
    this.codeLength += fn.code.length;
    this.fns[id] = fn;
    this.info.set([start, fn.slots, fn.memory, fn.variadic ? 1 : 0], id * INFO);
  }
}
