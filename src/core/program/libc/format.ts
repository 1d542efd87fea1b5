// printf's conversions for hosted programs (C11 7.21.6.1), apart from any machine; long double is refused by name.

import { doubleOf } from '../../../base/floats.ts';
import { formatFloat } from './format-float.ts';

/** Where the values come from: the variadic arguments in order. */
export interface FormatArguments {
  /** Next argument as raw 64 bits (narrower ones have undefined upper halves). */
  next(): bigint;
  /** NUL-terminated string at an address, at most `limit` bytes of it. */
  string(address: bigint, limit: number | undefined): string;
}

export type Formatted = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'refused'; readonly conversion: string };

const conversion = /%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(hh|h|ll|l|z|j|t)?(.)/gs;

/** Bits of an integer conversion by its length modifier. */
function width(modifier: string | undefined): number {
  switch (modifier) {
    case 'hh':
      return 8;
    case 'h':
      return 16;
    case undefined:
      return 32;
    default:
      return 64;
  }
}

function pad(text: string, flags: string, size: number, zeros: boolean): string {
  if (text.length >= size) return text;
  if (flags.includes('-')) return text.padEnd(size);
  if (!zeros) return text.padStart(size);
  const sign = /^([-+ ]|0[xX])/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(size - sign.length, '0');
}

function integer(kind: string, raw: bigint, bits: number, flags: string, precision: number | undefined): string {
  const signed = kind === 'd' || kind === 'i';
  const value = signed ? BigInt.asIntN(bits, raw) : BigInt.asUintN(bits, raw);
  const negative = value < 0n;
  const magnitude = negative ? -value : value;
  const radix = kind === 'o' ? 8 : kind === 'x' || kind === 'X' ? 16 : 10;
  let digits = precision === 0 && magnitude === 0n ? '' : magnitude.toString(radix);
  if (precision !== undefined) digits = digits.padStart(precision, '0');
  if (flags.includes('#') && radix === 8 && !digits.startsWith('0')) digits = `0${digits}`;
  if (flags.includes('#') && radix === 16 && magnitude !== 0n) digits = `0x${digits}`;
  if (kind === 'X') digits = digits.toUpperCase();
  if (!signed) return digits;
  return (negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '') + digits;
}

/** The text that printf would write. */
export function formatPrintf(format: string, args: FormatArguments): Formatted {
  let text = '';
  let from = 0;
  conversion.lastIndex = 0;
  for (let match = conversion.exec(format); match !== null; match = conversion.exec(format)) {
    text += format.slice(from, match.index);
    from = conversion.lastIndex;
    let flags = match[1] ?? '';
    const kind = match[5] ?? '';
    let size = match[2] === '*' ? Number(BigInt.asIntN(32, args.next())) : Number(match[2] ?? 0);
    if (size < 0) {
      flags += '-';
      size = -size;
    }
    const hasPrecision = match[0].includes('.');
    let precision = match[3] === '*' ? Number(BigInt.asIntN(32, args.next())) : hasPrecision ? Number(match[3] ?? 0) : undefined;
    if (precision !== undefined && precision < 0) precision = undefined;
    switch (kind) {
      case '%':
        text += '%';
        break;
      case 'd':
      case 'i':
      case 'u':
      case 'x':
      case 'X':
      case 'o':
        text += pad(
          integer(kind, args.next(), width(match[4]), flags, precision),
          flags,
          size,
          flags.includes('0') && precision === undefined,
        );
        break;
      case 'c':
        text += pad(String.fromCharCode(Number(BigInt.asUintN(8, args.next()))), flags, size, false);
        break;
      case 's': {
        const address = args.next();
        text += pad(address === 0n ? '(null)' : args.string(address, precision), flags, size, false);
        break;
      }
      case 'p': {
        const address = BigInt.asUintN(64, args.next());
        text += pad(address === 0n ? '(nil)' : `0x${address.toString(16)}`, flags, size, false);
        break;
      }
      case 'f':
      case 'F':
      case 'e':
      case 'E':
      case 'g':
      case 'G':
      case 'a':
      case 'A': {
        const bits = BigInt.asUintN(64, args.next());
        const value = doubleOf(bits);
        const written = formatFloat(kind, value, bits >> 63n === 1n, flags, precision);
        text += pad(written, flags, size, flags.includes('0') && Number.isFinite(value));
        break;
      }
      default:
        return { kind: 'refused', conversion: match[0] };
    }
  }
  return { kind: 'text', text: text + format.slice(from) };
}
