// lib/vsprintf.c: the kernel's format language, with the %p extensions that messages of this path use.
import type { Memory } from '../../machine/memory.ts';

/** Where the values come from: variadic arguments of a call, or a va_list in simulated memory. */
export interface ArgSource {
  /** Next raw 64-bit argument. */
  next(): bigint;
}

/** What pointer extensions need to know about the kernel. */
export interface FormatWorld {
  readonly memory: Memory;
  /** %ps, %pS, %pB; `offset` asks for `name+0x10`. */
  symbol(address: bigint, offset: boolean): string;
  /** Other %p extensions (`d`, `g`, `U`…): undefined when not known. */
  pointer?(extension: string, address: bigint): string | undefined;
}

/** include/uapi/asm-generic/errno*.h as %pe prints them. */
const ERRNO: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  3: 'ESRCH',
  4: 'EINTR',
  5: 'EIO',
  6: 'ENXIO',
  7: 'E2BIG',
  9: 'EBADF',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  14: 'EFAULT',
  16: 'EBUSY',
  17: 'EEXIST',
  18: 'EXDEV',
  19: 'ENODEV',
  20: 'ENOTDIR',
  21: 'EISDIR',
  22: 'EINVAL',
  27: 'EFBIG',
  28: 'ENOSPC',
  30: 'EROFS',
  33: 'EDOM',
  34: 'ERANGE',
  36: 'ENAMETOOLONG',
  38: 'ENOSYS',
  61: 'ENODATA',
  74: 'EBADMSG',
  75: 'EOVERFLOW',
  95: 'EOPNOTSUPP',
  117: 'EUCLEAN',
  133: 'EHWPOISON',
};

/** Name of an errno, without sign; the number when it has none. */
function errnoName(errno: number): string {
  return ERRNO[errno] ?? String(errno);
}

/** A copy of a va_list that leaves the original where it is (va_copy). */
class VaCopySource implements ArgSource {
  private readonly memory: Memory;
  private used: number;
  private overflow: bigint;
  private readonly registers: bigint;

  constructor(memory: Memory, list: bigint) {
    this.memory = memory;
    this.used = memory.readU32(list);
    this.overflow = memory.readU64(list + 8n);
    this.registers = this.used < 48 ? memory.readU64(list + 16n) : 0n;
  }

  next(): bigint {
    if (this.used < 48) {
      const value = this.memory.readU64(this.registers + BigInt(this.used));
      this.used += 8;
      return value;
    }
    const value = this.memory.readU64(this.overflow);
    this.overflow += 8n;
    return value;
  }
}

interface Spec {
  readonly left: boolean;
  readonly plus: boolean;
  readonly space: boolean;
  readonly alternate: boolean;
  readonly zero: boolean;
  width: number;
  precision: number | undefined;
}

function pad(text: string, spec: Spec): string {
  if (spec.width <= text.length) return text;
  return spec.left ? text.padEnd(spec.width) : text.padStart(spec.width);
}

function digits(value: bigint, base: number, upper: boolean): string {
  const text = value.toString(base);
  return upper ? text.toUpperCase() : text;
}

function integer(value: bigint, bits: number, conversion: string, spec: Spec): string {
  const signed = conversion === 'd' || conversion === 'i';
  const base = conversion === 'o' ? 8 : conversion === 'x' || conversion === 'X' ? 16 : 10;
  let number = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  let sign = '';
  if (number < 0n) {
    sign = '-';
    number = -number;
  } else if (signed && spec.plus) sign = '+';
  else if (signed && spec.space) sign = ' ';
  // The kernel prints the prefix also for zero, unlike C.
  if (spec.alternate && base === 16) sign += conversion === 'X' ? '0X' : '0x';
  if (spec.alternate && base === 8) sign += '0';
  let text = digits(number, base, conversion === 'X');
  if (spec.precision !== undefined) text = text.padStart(spec.precision, '0');
  else if (spec.zero && !spec.left) text = text.padStart(spec.width - sign.length, '0');
  return pad(sign + text, spec);
}

const BITS: Readonly<Record<string, number>> = { hh: 8, h: 16, '': 32, l: 64, ll: 64, L: 64, q: 64, z: 64, t: 64, Z: 64 };
/** Addresses are hashed before they are printed; before the key is set every kernel prints this text. */
const HASHED = '(____ptrval____)';

function pointer(extension: string, address: bigint, spec: Spec, world: FormatWorld): string {
  const e = extension[0] ?? '';
  switch (e) {
    case 's':
    case 'S':
    case 'B':
    case 'f':
    case 'F':
      return pad(world.symbol(address, e === 'S' || e === 'B' || e === 'F'), spec);
    case 'e': {
      const value = Number(BigInt.asIntN(64, address));
      return pad(value < 0 && value >= -4095 ? `-${errnoName(-value)}` : address === 0n ? '(null)' : HASHED, spec);
    }
    case 'V': {
      const format = world.memory.readString(world.memory.readU64(address));
      return formatKernel(format, new VaCopySource(world.memory, world.memory.readU64(address + 8n)), world);
    }
    case 'x':
    case 'K':
      return address.toString(16).padStart(16, '0');
    case 'a':
      return `0x${world.memory.readU64(address).toString(16).padStart(16, '0')}`;
    case '':
      return pad(address === 0n ? '(null)' : HASHED, { ...spec, width: Math.max(spec.width, 16) });
    default:
      return pad(world.pointer?.(extension, address) ?? `(%p${e}?)`, spec);
  }
}

/** Longest run of letters and digits behind %p that the kernel takes as an extension. */
function extensionAt(format: string, at: number): string {
  return /^[a-zA-Z0-9]+/.exec(format.slice(at))?.[0] ?? '';
}

/** How many letters of the run belong to the extension; the rest is text (`%pS]`, `%pVfoo`). */
function extensionLength(run: string): number {
  const e = run[0] ?? '';
  if ('sSBfFeVxKdDgGtCOaU'.includes(e)) return /^(d[234]?|D[234]?|[sS]R?b?|G[pgvf]|[UIim].)/.exec(run)?.[0].length ?? 1;
  return run === '' ? 0 : run.length;
}

/** Text of a format with its arguments, as vsnprintf() would make it. */
export function formatKernel(format: string, args: ArgSource, world: FormatWorld): string {
  let out = '';
  let i = 0;
  while (i < format.length) {
    const percent = format.indexOf('%', i);
    if (percent < 0) return out + format.slice(i);
    out += format.slice(i, percent);
    const match = /^%([-+ #0]*)(\*|\d+)?(?:\.(\*|-?\d+)?)?(hh|ll|[hlLqztZ])?(.)/s.exec(format.slice(percent));
    if (match === null) return out + format.slice(percent);
    i = percent + match[0].length;
    const [whole, flags = '', width, precision, length = '', conversion = ''] = match;
    const spec: Spec = {
      left: flags.includes('-'),
      plus: flags.includes('+'),
      space: flags.includes(' '),
      alternate: flags.includes('#'),
      zero: flags.includes('0'),
      width: width === '*' ? Number(BigInt.asIntN(32, args.next())) : Number(width ?? 0),
      precision: undefined,
    };
    if (whole.includes('.')) spec.precision = precision === '*' ? Number(BigInt.asIntN(32, args.next())) : Number(precision ?? 0);
    switch (conversion) {
      case '%':
        out += '%';
        break;
      case 'c':
        out += pad(String.fromCharCode(Number(args.next() & 0xffn)), spec);
        break;
      case 's': {
        const address = args.next();
        const text = address < 4096n ? '(null)' : world.memory.readString(address);
        out += pad(spec.precision === undefined || spec.precision < 0 ? text : text.slice(0, spec.precision), spec);
        break;
      }
      case 'p': {
        const run = extensionAt(format, i);
        const extension = run.slice(0, extensionLength(run));
        i += extension.length;
        out += pointer(extension, args.next(), spec, world);
        break;
      }
      case 'd':
      case 'i':
      case 'u':
      case 'x':
      case 'X':
      case 'o':
        out += integer(args.next(), BITS[length] ?? 32, conversion, spec);
        break;
      default:
        out += whole;
    }
  }
  return out;
}
