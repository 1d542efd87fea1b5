// gcc builtins that are no plain library calls.
import type { CType } from '../ctype/types.ts';
import { op, traps, unaryBuiltins } from '../machine/ir.ts';
import type { BuiltinExpr, Expr, VaArgExpr } from '../unit/ast.ts';
import { atomicBuiltin } from './atomics.ts';
import { arg } from './builtin-arguments.ts';
import type { Context } from './context.ts';
import { Refused, widthOf } from './context.ts';
import { constant } from './convert.ts';
import { load, store } from './locations.ts';
import { sizeOfComplete } from './sizes.ts';

type UnaryKind = (typeof unaryBuiltins)[number];

/** Builtins of one operand, by name: kind for a 32-bit operand, kind for a 64-bit one. */
const unary: Readonly<Record<string, readonly [UnaryKind, 32 | 64]>> = {
  __builtin_clz: ['clz32', 32],
  __builtin_clzl: ['clz64', 64],
  __builtin_clzll: ['clz64', 64],
  __builtin_ctz: ['ctz32', 32],
  __builtin_ctzl: ['ctz64', 64],
  __builtin_ctzll: ['ctz64', 64],
  __builtin_ffs: ['ffs32', 32],
  __builtin_ffsl: ['ffs64', 64],
  __builtin_ffsll: ['ffs64', 64],
  __builtin_popcount: ['popcount32', 32],
  __builtin_popcountl: ['popcount64', 64],
  __builtin_popcountll: ['popcount64', 64],
  __builtin_parity: ['parity32', 32],
  __builtin_parityl: ['parity64', 64],
  __builtin_parityll: ['parity64', 64],
  __builtin_bswap16: ['bswap16', 32],
  __builtin_bswap32: ['bswap32', 32],
  __builtin_bswap64: ['bswap64', 64],
  __builtin_clrsb: ['clrsb32', 32],
  __builtin_clrsbl: ['clrsb64', 64],
  __builtin_clrsbll: ['clrsb64', 64],
};

const overflow: Readonly<Record<string, 0 | 1 | 2>> = {
  __builtin_add_overflow: 0,
  __builtin_sub_overflow: 1,
  __builtin_mul_overflow: 2,
  __builtin_sadd_overflow: 0,
  __builtin_saddl_overflow: 0,
  __builtin_saddll_overflow: 0,
  __builtin_uadd_overflow: 0,
  __builtin_uaddl_overflow: 0,
  __builtin_uaddll_overflow: 0,
  __builtin_ssub_overflow: 1,
  __builtin_ssubl_overflow: 1,
  __builtin_ssubll_overflow: 1,
  __builtin_usub_overflow: 1,
  __builtin_usubl_overflow: 1,
  __builtin_usubll_overflow: 1,
  __builtin_smul_overflow: 2,
  __builtin_smull_overflow: 2,
  __builtin_smulll_overflow: 2,
  __builtin_umul_overflow: 2,
  __builtin_umull_overflow: 2,
  __builtin_umulll_overflow: 2,
};

/** Value of a builtin call. */
export function builtin(cx: Context, e: BuiltinExpr, into: number | undefined): number {
  const simple = unary[e.name];
  if (simple !== undefined) return unaryBuiltin(cx, simple[0], arg(e, 0), into);
  const kind = overflow[e.name.replace(/_p$/, '')];
  if (kind !== undefined) return overflowBuiltin(cx, e, kind, into);
  if (e.name.startsWith('__sync_') || e.name.startsWith('__atomic_')) return atomicBuiltin(cx, e, into);
  switch (e.name) {
    case '__builtin_expect':
    case '__builtin_expect_with_probability':
    case '__builtin_assume_aligned':
      for (const extra of e.args.slice(1)) cx.effect(extra);
      return cx.value(arg(e, 0), into);
    case '__builtin_constant_p':
    case '__builtin_is_constant_evaluated':
      return constant(cx, 0n, 32, into, e.at);
    case '__builtin_object_size':
    case '__builtin_dynamic_object_size': {
      // gcc's answer for an object it does not know: (size_t)-1, or 0 when the type's second bit asks for a lower bound.
      const type = e.args[1];
      return constant(cx, type?.kind === 'int' && (type.value & 2n) !== 0n ? 0n : -1n, 64, into, e.at);
    }
    case '__builtin_unreachable':
      cx.emit(op.TRAP, traps.indexOf('unreachable'), -1);
      return into ?? cx.pair();
    case '__builtin_trap':
      cx.emit(op.TRAP, traps.indexOf('bad-code'), -1);
      return into ?? cx.pair();
    case '__builtin_return_address':
    case '__builtin_extract_return_addr':
      return unaryBuiltin(cx, 'return-address', arg(e, 0), into);
    case '__builtin_frame_address':
      return unaryBuiltin(cx, 'frame-address', arg(e, 0), into);
    case '__builtin_alloca':
    case '__builtin_alloca_with_align':
    case 'alloca': {
      const before = cx.top;
      const size = cx.value(arg(e, 0));
      cx.top = before;
      const d = into ?? cx.pair();
      cx.emit(op.ALLOCA, d, size);
      return d;
    }
    case '__builtin_prefetch':
      for (const a of e.args) cx.effect(a);
      return into ?? cx.pair();
    case '__builtin_va_start': {
      const before = cx.top;
      cx.emit(op.VA_START, cx.value(arg(e, 0)));
      cx.top = before;
      return into ?? cx.pair();
    }
    case '__builtin_va_end':
      for (const a of e.args) cx.effect(a);
      return into ?? cx.pair();
    case '__builtin_va_copy': {
      const before = cx.top;
      const to = cx.value(arg(e, 0));
      const from = cx.value(arg(e, 1));
      cx.emit(op.COPY, to, 0, from, 0, 24);
      cx.top = before;
      return into ?? cx.pair();
    }
    case '__builtin_abs':
    case '__builtin_labs':
    case '__builtin_llabs':
      return absolute(cx, arg(e, 0), into);
    default:
      throw new Refused(`builtin ${e.name}`, e.at);
  }
}

function unaryBuiltin(cx: Context, kind: UnaryKind, operand: Expr, into: number | undefined): number {
  const before = cx.top;
  const a = cx.value(operand);
  cx.top = before;
  const d = into ?? cx.pair();
  cx.emit(op.BUILTIN, unaryBuiltins.indexOf(kind), d, a);
  return d;
}

/** Bits of an integer type, with 128 added for signed ones. */
function bitsCode(type: CType, at: number): number {
  if (type.kind === 'pointer') return 64;
  if (type.kind !== 'int' || type.size === 16) throw new Refused('overflow check on a type that is no integer', at);
  return (type.name === '_Bool' ? 1 : type.size * 8) + (type.signed ? 128 : 0);
}

function overflowBuiltin(cx: Context, e: BuiltinExpr, kind: number, into: number | undefined): number {
  const target = arg(e, 2);
  if (target.type.kind !== 'pointer') throw new Refused(`${e.name} without a place for its result`, e.at);
  const resultType = target.type.to;
  const d = into ?? cx.pair();
  const before = cx.top;
  const pointer = cx.pair();
  const isPredicate = e.name.endsWith('_p');
  if (isPredicate) cx.effect(arg(e, 3));
  else cx.value(target, pointer);
  const left = cx.pair();
  cx.value(arg(e, 0), left);
  const right = cx.value(arg(e, 1));
  const result = cx.pair();
  cx.emit(
    op.OVERFLOW,
    kind,
    bitsCode(resultType, e.at),
    result,
    left,
    bitsCode(arg(e, 0).type, e.at),
    right,
    bitsCode(arg(e, 1).type, e.at),
    d,
  );
  if (!isPredicate) store(cx, { kind: 'memory', base: pointer, offset: 0 }, resultType, undefined, result, e.at);
  cx.top = before;
  return d;
}

function absolute(cx: Context, operand: Expr, into: number | undefined): number {
  const d = into ?? cx.pair();
  const before = cx.top;
  const a = cx.value(operand);
  const wide = widthOf(operand.type, operand.at) === 64;
  const sign = cx.pair();
  cx.emit(wide ? op.SARI64 : op.SARI32, sign, a, wide ? 63 : 31);
  const flipped = cx.pair();
  cx.emit(wide ? op.XOR64 : op.XOR32, flipped, a, sign);
  cx.emit(wide ? op.SUB64 : op.SUB32, d, flipped, sign);
  cx.top = before;
  return d;
}

/** Address of the next variadic argument; the list moves on. Our lists use the overflow area only (System V, 8 bytes each). */
export function vaArgAddress(cx: Context, e: VaArgExpr): number {
  const address = cx.pair();
  const before = cx.top;
  const list = cx.value(e.list);
  const next = cx.pair();
  cx.emit(op.LD64, address, list, 8);
  cx.emit(op.ADDI64, next, address, 8);
  cx.emit(op.ST64, list, 8, next);
  // What does not fit into 8 bytes lies in a copy that the caller made.
  if (sizeOfComplete(e.type) > 8) cx.emit(op.LD64, address, address, 0);
  cx.top = before;
  return address;
}

/** va_arg of a scalar. */
export function vaArg(cx: Context, e: VaArgExpr, into: number | undefined): number {
  const d = into ?? cx.room(e.type);
  const before = cx.top;
  const address = vaArgAddress(cx, e);
  load(cx, { kind: 'memory', base: address, offset: 0 }, e.type, undefined, d, e.at);
  cx.top = before;
  return d;
}
