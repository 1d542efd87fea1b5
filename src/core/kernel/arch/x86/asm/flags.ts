// The arithmetic flags of the small CPU, and what conditions read from them (Intel SDM vol. 1, 3.4.3).
import { UnknownInstruction } from './slots.ts';

/** CF, ZF, SF and OF after the last instruction that sets them. */
export class Flags {
  cf = false;
  zf = false;
  private sf = false;
  private of = false;

  /** Result of an operation on two values of `bits` bits; sets the flags. */
  alu(op: string, a: bigint, b: bigint, bits: number): bigint {
    const carry = this.cf ? 1n : 0n;
    const top = 1n << BigInt(bits - 1);
    let wide: bigint;
    switch (op) {
      case 'add':
        wide = a + b;
        break;
      case 'adc':
        wide = a + b + carry;
        break;
      case 'sub':
      case 'cmp':
        wide = a - b;
        break;
      case 'sbb':
        wide = a - b - carry;
        break;
      case 'and':
      case 'test':
        wide = a & b;
        break;
      case 'or':
        wide = a | b;
        break;
      default:
        wide = a ^ b;
    }
    const result = BigInt.asUintN(bits, wide);
    this.result(result, bits);
    this.cf = wide < 0n || wide >> BigInt(bits) !== 0n;
    if (op === 'add' || op === 'adc') this.of = ((a ^ result) & (b ^ result) & top) !== 0n;
    else if (op === 'sub' || op === 'cmp' || op === 'sbb') this.of = ((a ^ b) & (a ^ result) & top) !== 0n;
    else this.of = false;
    return result;
  }

  /** Flags of a result that has neither carry nor overflow. */
  result(result: bigint, bits: number): void {
    this.zf = result === 0n;
    this.sf = result >> BigInt(bits - 1) !== 0n;
    this.cf = false;
    this.of = false;
  }

  /** `c`, `ne`, `ge`… as set and jump instructions spell them. */
  holds(condition: string): boolean {
    switch (condition) {
      case 'c':
      case 'b':
      case 'nae':
        return this.cf;
      case 'nc':
      case 'nb':
      case 'ae':
        return !this.cf;
      case 'z':
      case 'e':
        return this.zf;
      case 'nz':
      case 'ne':
        return !this.zf;
      case 's':
        return this.sf;
      case 'ns':
        return !this.sf;
      case 'o':
        return this.of;
      case 'no':
        return !this.of;
      case 'a':
      case 'nbe':
        return !this.cf && !this.zf;
      case 'na':
      case 'be':
        return this.cf || this.zf;
      case 'l':
      case 'nge':
        return this.sf !== this.of;
      case 'ge':
      case 'nl':
        return this.sf === this.of;
      case 'le':
      case 'ng':
        return this.zf || this.sf !== this.of;
      case 'g':
      case 'nle':
        return !this.zf && this.sf === this.of;
      default:
        throw new UnknownInstruction(`condition ${condition}`);
    }
  }
}
