// A few dozen x86-64 integer instructions over the operands of one asm statement: enough for atomics, bit operations and per-CPU data.
import type { AsmCall } from '../../../../machine/asm.ts';
import { Flags } from './flags.ts';
import { MODIFIER, REGISTER_NAMES, SUFFIX, type Slot, UnknownInstruction } from './slots.ts';
import type { AsmArg, AsmInstruction } from './template.ts';

/** One execution: registers, flags, and the operands. */
export class Cpu {
  private readonly call: AsmCall;
  private readonly slots: readonly Slot[];
  private readonly registers: bigint[] = [];
  private readonly flags = new Flags();
  private jumped = false;

  constructor(call: AsmCall, slots: readonly Slot[]) {
    this.call = call;
    this.slots = slots;
  }

  run(list: readonly AsmInstruction[]): void {
    this.slots.forEach((slot, i) => {
      if (slot.input && !slot.memory) this.registers[slot.register] = BigInt.asUintN(64, this.call.read(i));
    });
    for (const instruction of list) {
      this.step(instruction);
      if (this.jumped) break;
    }
    this.slots.forEach((slot, i) => {
      if (slot.condition !== undefined) this.call.write(i, this.flags.holds(slot.condition) ? 1n : 0n);
      else if (slot.output && !slot.memory) this.call.write(i, BigInt.asUintN(slot.size * 8, this.registers[slot.register] ?? 0n));
    });
  }

  private step({ mnemonic, args, prefixes }: AsmInstruction): void {
    if (NOTHING.has(mnemonic)) return;
    if (/^(movs|stos|cmps|scas)[bwlq]$/.test(mnemonic)) {
      this.string(mnemonic, prefixes);
      return;
    }
    if (mnemonic.startsWith('set')) {
      this.set(this.arg(args, 0), 1, this.flags.holds(mnemonic.slice(3)) ? 1n : 0n);
      return;
    }
    if (/^j[a-z]+$/.test(mnemonic) && args[0]?.kind === 'label') {
      this.jump(mnemonic.slice(1), args[0].ref);
      return;
    }
    const { op, size } = this.decode(mnemonic, args);
    const bits = size * 8;
    switch (op) {
      case 'mov': {
        this.set(this.arg(args, 1), size, this.get(this.arg(args, 0), size));
        return;
      }
      case 'lea': {
        this.set(this.arg(args, 1), size, this.effective(this.arg(args, 0)));
        return;
      }
      case 'add':
      case 'sub':
      case 'and':
      case 'or':
      case 'xor':
      case 'cmp':
      case 'test':
      case 'adc':
      case 'sbb': {
        const to = this.arg(args, 1);
        const result = this.flags.alu(op, this.get(to, size), this.get(this.arg(args, 0), size), bits);
        if (op !== 'cmp' && op !== 'test') this.set(to, size, result);
        return;
      }
      case 'inc':
      case 'dec': {
        const carry = this.flags.cf;
        const to = this.arg(args, 0);
        this.set(to, size, this.flags.alu(op === 'inc' ? 'add' : 'sub', this.get(to, size), 1n, bits));
        this.flags.cf = carry;
        return;
      }
      case 'neg': {
        this.set(this.arg(args, 0), size, this.flags.alu('sub', 0n, this.get(this.arg(args, 0), size), bits));
        return;
      }
      case 'not': {
        this.set(this.arg(args, 0), size, ~this.get(this.arg(args, 0), size));
        return;
      }
      case 'bswap': {
        this.set(this.arg(args, 0), size, this.swapBytes(this.get(this.arg(args, 0), size), size));
        return;
      }
      case 'shl':
      case 'sal':
      case 'shr':
      case 'sar': {
        const to = this.arg(args, args.length - 1);
        const count = args.length === 1 ? 1n : this.get(this.arg(args, 0), 1) & (size === 8 ? 63n : 31n);
        const value = this.get(to, size);
        const result = op === 'sar' ? BigInt.asIntN(bits, value) >> count : op === 'shr' ? value >> count : value << count;
        this.set(to, size, result);
        this.flags.result(BigInt.asUintN(bits, result), bits);
        return;
      }
      case 'xchg': {
        const a = this.arg(args, 0);
        const b = this.arg(args, 1);
        const old = this.get(b, size);
        this.set(b, size, this.get(a, size));
        this.set(a, size, old);
        return;
      }
      case 'xadd': {
        const from = this.arg(args, 0);
        const to = this.arg(args, 1);
        const old = this.get(to, size);
        this.set(to, size, this.flags.alu('add', old, this.get(from, size), bits));
        this.set(from, size, old);
        return;
      }
      case 'cmpxchg': {
        const to = this.arg(args, 1);
        const accumulator = BigInt.asUintN(bits, this.registers[0] ?? 0n);
        const old = this.get(to, size);
        this.flags.alu('cmp', accumulator, old, bits);
        if (this.flags.zf) this.set(to, size, this.get(this.arg(args, 0), size));
        else this.registers[0] = old;
        return;
      }
      case 'bt':
      case 'bts':
      case 'btr':
      case 'btc': {
        this.bit(op, this.arg(args, 0), this.arg(args, 1), size);
        return;
      }
      case 'bsf':
      case 'tzcnt':
      case 'bsr': {
        const value = this.get(this.arg(args, 0), size);
        this.flags.zf = value === 0n;
        // "rep; bsf" is tzcnt, which gives the width for 0; bsf and bsr leave the destination alone then.
        const counts = op === 'tzcnt' || (op === 'bsf' && prefixes.includes('rep'));
        if (value !== 0n) this.set(this.arg(args, 1), size, BigInt(op === 'bsr' ? value.toString(2).length - 1 : trailingZeros(value)));
        else if (counts) this.set(this.arg(args, 1), size, BigInt(bits));
        return;
      }
      case 'popcnt': {
        this.set(this.arg(args, 1), size, BigInt(this.get(this.arg(args, 0), size).toString(2).replaceAll('0', '').length));
        return;
      }
      default:
        throw new UnknownInstruction(mnemonic);
    }
  }

  private decode(mnemonic: string, args: readonly AsmArg[]): { op: string; size: number } {
    if (KNOWN.has(mnemonic)) return { op: mnemonic, size: this.sizeFrom(args) };
    const size = SUFFIX[mnemonic.slice(-1)];
    const op = mnemonic.slice(0, -1);
    if (size === undefined || !KNOWN.has(op)) throw new UnknownInstruction(mnemonic);
    return { op, size };
  }

  private sizeFrom(args: readonly AsmArg[]): number {
    for (const a of [...args].reverse()) {
      if (a.kind === 'operand' && !a.indirect) {
        const modified = MODIFIER[a.modifier];
        if (modified !== undefined) return modified;
      }
      if (a.kind === 'register' && !a.indirect) return REGISTER_NAMES[a.name]?.[1] ?? 8;
    }
    // The assembler takes the width of the register operand; a memory operand alone would be ambiguous.
    for (const a of args) {
      if (a.kind === 'operand' && !a.indirect) {
        const slot = this.slots[this.index(a.ref)];
        if (slot?.memory === false && slot.output) return slot.size;
      }
    }
    const first = args.find((a) => a.kind === 'operand');
    return first === undefined ? 8 : (this.slots[this.index(first.ref)]?.size ?? 8);
  }

  private arg(args: readonly AsmArg[], i: number): AsmArg {
    const a = args[i];
    if (a === undefined) throw new UnknownInstruction('missing operand');
    return a;
  }

  private index(ref: string): number {
    const i = /^\d+$/.test(ref) ? Number(ref) : this.call.site.operands.findIndex((o) => o.name === ref);
    if (i < 0 || i >= this.slots.length) throw new UnknownInstruction(`operand ${ref}`);
    return i;
  }

  /** Address that a memory form names. */
  private effective(arg: AsmArg): bigint {
    if (arg.kind === 'operand') {
      const i = this.index(arg.ref);
      const slot = this.slots[i];
      if (!arg.indirect && slot?.memory === true) return this.call.address(i);
      return BigInt.asUintN(64, (this.registers[slot?.register ?? 0] ?? 0n) + arg.displacement);
    }
    if (arg.kind === 'register') return BigInt.asUintN(64, (this.registers[REGISTER_NAMES[arg.name]?.[0] ?? 0] ?? 0n) + arg.displacement);
    if (arg.kind === 'immediate') return BigInt.asUintN(64, arg.value);
    throw new UnknownInstruction('address of a label');
  }

  /** `P`, `a` and `c` modifiers of an address operand (constraint `p`) name memory. */
  private isMemory(arg: AsmArg): boolean {
    if (arg.kind === 'register') return arg.indirect;
    if (arg.kind !== 'operand') return false;
    if (arg.indirect) return true;
    const i = this.index(arg.ref);
    return (
      this.slots[i]?.memory === true ||
      (arg.modifier !== '' && 'Pa'.includes(arg.modifier) && this.call.site.operands[i]?.constraint === 'p')
    );
  }

  private get(arg: AsmArg, size: number): bigint {
    if (arg.kind === 'immediate') return BigInt.asUintN(size * 8, arg.value);
    if (this.isMemory(arg)) return this.call.machine.memory.readUnsigned(this.effective(arg), size);
    if (arg.kind === 'operand') return BigInt.asUintN(size * 8, this.registers[this.slots[this.index(arg.ref)]?.register ?? 0] ?? 0n);
    if (arg.kind === 'register') return BigInt.asUintN(size * 8, this.registers[this.register(arg.name)] ?? 0n);
    throw new UnknownInstruction('value of a label');
  }

  private set(arg: AsmArg, size: number, value: bigint): void {
    const cut = BigInt.asUintN(size * 8, value);
    if (this.isMemory(arg)) {
      this.call.machine.memory.writeUnsigned(this.effective(arg), size, cut);
      return;
    }
    if (arg.kind !== 'operand' && arg.kind !== 'register') throw new UnknownInstruction('store into a constant');
    const register = arg.kind === 'register' ? this.register(arg.name) : (this.slots[this.index(arg.ref)]?.register ?? 0);
    // Writing 32 bits clears the upper half; narrower writes keep the rest.
    const old = size >= 4 ? 0n : (this.registers[register] ?? 0n);
    this.registers[register] = size >= 4 ? cut : ((old >> BigInt(size * 8)) << BigInt(size * 8)) | cut;
  }

  private register(name: string): number {
    const known = REGISTER_NAMES[name];
    if (known === undefined) throw new UnknownInstruction(`register ${name}`);
    return known[0];
  }

  /** The bit offset of a memory operand reaches beyond its word, as the instruction does with a register offset. */
  private bit(op: string, offset: AsmArg, base: AsmArg, size: number): void {
    const width = size * 8;
    const wide = BigInt.asIntN(width, this.get(offset, size));
    const shift = BigInt.asUintN(64, wide) & BigInt(width - 1);
    const memory = this.isMemory(base);
    const address = memory ? this.effective(base) + (wide >> (size === 8 ? 6n : size === 4 ? 5n : 4n)) * BigInt(size) : 0n;
    const old = memory ? this.call.machine.memory.readUnsigned(address, size) : this.get(base, size);
    this.flags.cf = ((old >> shift) & 1n) !== 0n;
    if (op === 'bt') return;
    const mask = 1n << shift;
    const value = op === 'bts' ? old | mask : op === 'btr' ? old & ~mask : old ^ mask;
    if (memory) this.call.machine.memory.writeUnsigned(address, size, BigInt.asUintN(width, value));
    else this.set(base, size, value);
  }

  /** `rep movs` and `rep stos`; comparisons stay refused. */
  private string(mnemonic: string, prefixes: readonly string[]): void {
    const size = SUFFIX[mnemonic.slice(-1)] ?? 1;
    const repeat = prefixes.some((p) => p.startsWith('rep'));
    const count = repeat ? Number(this.registers[1] ?? 0n) : 1;
    const to = this.registers[7] ?? 0n;
    const memory = this.call.machine.memory;
    if (mnemonic.startsWith('movs')) {
      const from = this.registers[6] ?? 0n;
      memory.copy(to, from, count * size);
      this.registers[6] = from + BigInt(count * size);
    } else if (mnemonic.startsWith('stos')) {
      const value = BigInt.asUintN(size * 8, this.registers[0] ?? 0n);
      for (let i = 0; i < count; i++) memory.writeUnsigned(to + BigInt(i * size), size, value);
    } else throw new UnknownInstruction(mnemonic);
    this.registers[7] = to + BigInt(count * size);
    if (repeat) this.registers[1] = 0n;
  }

  private jump(condition: string, ref: string): void {
    if (condition !== 'mp' && !this.flags.holds(condition)) return;
    const { operands, labels } = this.call.site;
    const i = /^\d+$/.test(ref) ? Number(ref) - operands.length : labels.indexOf(ref);
    if (i < 0 || i >= labels.length) throw new UnknownInstruction(`label ${ref}`);
    this.jumped = true;
    this.call.jump(i);
  }

  private swapBytes(value: bigint, size: number): bigint {
    let out = 0n;
    for (let i = 0; i < size; i++) out = (out << 8n) | ((value >> BigInt(8 * i)) & 0xffn);
    return out;
  }
}

const KNOWN = new Set([
  'mov',
  'lea',
  'add',
  'sub',
  'and',
  'or',
  'xor',
  'cmp',
  'test',
  'adc',
  'sbb',
  'inc',
  'dec',
  'neg',
  'not',
  'bswap',
  'shl',
  'sal',
  'shr',
  'sar',
  'xchg',
  'xadd',
  'cmpxchg',
  'bt',
  'bts',
  'btr',
  'btc',
  'bsf',
  'bsr',
  'tzcnt',
  'popcnt',
]);
/** Ordering, hints and interrupt flags: one simulated CPU runs everything in program order. */
const NOTHING = new Set([
  'nop',
  'pause',
  'mfence',
  'lfence',
  'sfence',
  'cld',
  'clac',
  'stac',
  'cli',
  'sti',
  'prefetcht0',
  'prefetcht1',
  'prefetchnta',
  'prefetchw',
  'endbr64',
  'clflush',
  'clflushopt',
  'clwb',
  'invlpg',
  'serialize',
]);

function trailingZeros(value: bigint): number {
  let n = 0;
  while (((value >> BigInt(n)) & 1n) === 0n) n++;
  return n;
}
