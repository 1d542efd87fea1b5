// gcc's builtin functions: folded where C code relies on constants, otherwise `builtin` nodes with typed arguments.

import { compatible } from '../ctype/compatible.ts';
import { describeType } from '../ctype/print.ts';
import type { CType, FunctionType } from '../ctype/types.ts';
import { BOOL, DOUBLE, INT, LONG, ULONG, VOID, VOID_POINTER, functionType, pointerTo, unqualified } from '../ctype/types.ts';
import { Token } from '../preprocessor/token-kind.ts';
import type { Expr, LValue } from './ast.ts';
import { computed, foldComputed, library } from './builtin-table.ts';
import type { BuiltinSignature } from './builtin-table.ts';
import { functionDesignator, makeCall, parseArguments } from './calls.ts';
import { addressOf, assignable, convert, intConstant, promote, rvalue } from './convert.ts';
import { cast, truth } from './operators.ts';
import type { Node, Parser } from './parser.ts';
import { dereference, memberOf, pointerAdd } from './pointers.ts';

/** A name that nothing declares: a builtin, parsed with its arguments, or undefined. */
export function asBuiltin(p: Parser, name: number, at: number): Node | undefined {
  const text = p.text(name);
  if (text.startsWith('__sync_') || text.startsWith('__atomic_')) return atomic(p, text, at);
  if (!text.startsWith('__builtin_')) return undefined;
  const short = text.slice(10);
  const fixed = computed.get(short);
  if (fixed !== undefined) return computedCall(p, text, short, fixed, at);
  const called = library.get(short);
  if (called !== undefined) return libraryCall(p, short, called, at);
  return special(p, short, at);
}

function node(name: string, args: readonly Expr[], type: CType, at: number): Expr {
  return { kind: 'builtin', name, args, type, at };
}

function computedCall(p: Parser, text: string, short: string, signature: BuiltinSignature, at: number): Expr {
  const nodes = parseArguments(p);
  if (nodes.length !== signature.params.length) p.refuse(`arguments of ${text}`, at);
  const args = nodes.map((arg, i) => assignable(p, arg, signature.params[i] ?? INT, at));
  const [only] = args;
  if (only?.kind === 'int' && only.type.kind === 'int' && signature.returns.kind === 'int') {
    const value = foldComputed(short, only.value, only.type.size * 8);
    if (value !== undefined) return intConstant(value, signature.returns, at);
  }
  return node(text, args, signature.returns, at);
}

function libraryCall(p: Parser, short: string, signature: BuiltinSignature, at: number): Node {
  const type: FunctionType = functionType(signature.returns, signature.params, signature.variadic ?? false, true);
  const fn = p.file.implicitFunction(short, type, at);
  const callee = rvalue(functionDesignator(fn, at));
  if (p.kind[p.i] !== Token.LParen) return functionDesignator(fn, at);
  const nodes = parseArguments(p);
  const [first] = nodes;
  if (short === 'strlen' && first?.kind === 'string' && first.type.element.kind === 'int' && first.type.element.size === 1) {
    return intConstant(BigInt(first.bytes.indexOf(0)), ULONG, at);
  }
  return makeCall(p, callee, type, nodes, at);
}

function special(p: Parser, short: string, at: number): Node {
  switch (short) {
    case 'types_compatible_p':
      return typesCompatible(p, at);
    case 'offsetof':
      return offsetOf(p, at);
    case 'va_arg':
      return vaArg(p, at);
    case 'has_attribute':
      p.skipGroup();
      return intConstant(0n, INT, at);
    default:
  }
  const args = parseArguments(p);
  const [first, second, third] = args;
  switch (short) {
    case 'expect':
    case 'expect_with_probability':
      return cast(p, need(p, first, at), LONG, at);
    case 'constant_p':
      return intConstant(isConstant(rvalue(need(p, first, at))) ? 1n : 0n, INT, at);
    case 'choose_expr': {
      const which = truth(rvalue(need(p, first, at)));
      if (which === undefined) return p.refuse('__builtin_choose_expr without a constant', at);
      return which ? need(p, second, at) : need(p, third, at);
    }
    case 'object_size':
    case 'dynamic_object_size': {
      // What gcc answers when it cannot see the object: no limit, or nothing known to remain.
      const mode = rvalue(need(p, second, at));
      const minimum = mode.kind === 'int' && (mode.value & 2n) !== 0n;
      return intConstant(minimum ? 0n : -1n, ULONG, at);
    }
    case 'assume_aligned':
    case 'speculation_safe_value':
      return rvalue(need(p, first, at));
    case 'prefetch':
      return cast(p, need(p, first, at), VOID, at);
    case 'alloca_with_align':
      return node('__builtin_alloca', [assignable(p, need(p, first, at), ULONG, at)], VOID_POINTER, at);
    case 'va_start':
      return node('__builtin_va_start', [vaList(p, need(p, first, at), at)], VOID, at);
    case 'va_end':
      return node('__builtin_va_end', [vaList(p, need(p, first, at), at)], VOID, at);
    case 'va_copy':
      return node('__builtin_va_copy', [vaList(p, need(p, first, at), at), vaList(p, need(p, second, at), at)], VOID, at);
    case 'add_overflow':
    case 'sub_overflow':
    case 'mul_overflow':
      return overflow(p, short, args, at);
    case 'add_overflow_p':
    case 'sub_overflow_p':
    case 'mul_overflow_p':
      return overflowPredicate(p, short, args, at);
    case 'inf':
    case 'huge_val':
      return { kind: 'float', value: Infinity, type: DOUBLE, at };
    case 'nan':
      return { kind: 'float', value: NaN, type: DOUBLE, at };
    default:
      return p.refuse(`builtin '__builtin_${short}'`, at);
  }
}

function need(p: Parser, argument: Node | undefined, at: number): Node {
  return argument ?? p.refuse('builtin with too few arguments', at);
}

/** What gcc's front end already knows to be constant. */
function isConstant(e: Expr): boolean {
  if (e.kind === 'decay') return e.place.kind === 'string';
  return e.kind === 'int' || e.kind === 'float';
}

/** Both operands of any integer type, exact arithmetic, the result stored through the pointer; true when it did not fit. */
function overflow(p: Parser, short: string, args: readonly Node[], at: number): Expr {
  const a = rvalue(need(p, args[0], at));
  const b = rvalue(need(p, args[1], at));
  const result = rvalue(need(p, args[2], at));
  if (a.type.kind !== 'int' || b.type.kind !== 'int' || result.type.kind !== 'pointer' || result.type.to.kind !== 'int') {
    return p.refuse(`arguments of __builtin_${short}`, at);
  }
  return node(`__builtin_${short}`, [promote(a), promote(b), result], BOOL, at);
}

/** The same without a place for the result: the third operand only gives the type. Its value is not asked for. */
function overflowPredicate(p: Parser, short: string, args: readonly Node[], at: number): Expr {
  const a = rvalue(need(p, args[0], at));
  const b = rvalue(need(p, args[1], at));
  const result = rvalue(need(p, args[2], at));
  if (a.type.kind !== 'int' || b.type.kind !== 'int' || result.type.kind !== 'int') return p.refuse(`arguments of __builtin_${short}`, at);
  const nowhere: Expr = { kind: 'int', value: 0n, type: pointerTo(result.type), at };
  return node(`__builtin_${short}`, [promote(a), promote(b), nowhere, result], BOOL, at);
}

function typesCompatible(p: Parser, at: number): Expr {
  p.expect(Token.LParen);
  const a = unqualified(p.grammar.typeName(p));
  p.expect(Token.Comma);
  const b = unqualified(p.grammar.typeName(p));
  p.expect(Token.RParen);
  return intConstant(compatible(a, b) ? 1n : 0n, INT, at);
}

/** `offsetof(type, a.b[i].c)`; an index need not be constant (GNU). */
function offsetOf(p: Parser, at: number): Expr {
  p.expect(Token.LParen);
  const type = p.grammar.typeName(p);
  p.expect(Token.Comma);
  const nothing: Expr = { kind: 'int', value: 0n, type: pointerTo(type), at };
  let place: LValue = memberOf(p, dereference(p, nothing, at), p.name(), at);
  for (;;) {
    if (p.accept(Token.Dot)) {
      place = memberOf(p, place, p.name(), at);
    } else if (p.accept(Token.LBracket)) {
      const index = rvalue(p.grammar.expression(p));
      p.expect(Token.RBracket);
      place = dereference(p, pointerAdd(p, rvalue(place), index, false, at), at);
    } else {
      break;
    }
  }
  p.expect(Token.RParen);
  return convert(addressOf(p, place, at), ULONG, at);
}

/** Pointer to the first element of a va_list, which is an array, or a pointer where it is a parameter. */
function vaList(p: Parser, argument: Node, at: number): Expr {
  const list = rvalue(argument);
  if (list.type.kind !== 'pointer' || list.type.to.kind !== 'record' || list.type.to.record !== p.file.vaListTag.record) {
    return p.refuse(`a ${describeType(list.type)} where a va_list is needed`, at);
  }
  return list;
}

function vaArg(p: Parser, at: number): Expr {
  p.expect(Token.LParen);
  const list = vaList(p, p.grammar.assignment(p), at);
  p.expect(Token.Comma);
  const type = unqualified(p.grammar.typeName(p));
  p.expect(Token.RParen);
  return { kind: 'va-arg', list, type, at };
}

/** `__sync_*` and `__atomic_*`: the pointed-to type decides; memory orders are evaluated as int. */
function atomic(p: Parser, name: string, at: number): Expr {
  const args = parseArguments(p);
  if (name === '__sync_synchronize' || name.endsWith('_fence')) return node(name, [], VOID, at);
  const pointer = rvalue(need(p, args[0], at));
  if (pointer.type.kind !== 'pointer') return p.refuse(`arguments of ${name}`, at);
  const value = unqualified(pointer.type.to);
  const known =
    /^__sync_(fetch_and_(add|sub|or|and|xor)|(add|sub|or|and|xor)_and_fetch|val_compare_and_swap|bool_compare_and_swap|lock_test_and_set|lock_release)$|^__atomic_(load_n|store_n|exchange_n|fetch_(add|sub|or|and|xor)|(add|sub|or|and|xor)_fetch)$/;
  if (!known.test(name)) return p.refuse(`builtin '${name}'`, at);
  const values = name.startsWith('__sync_') ? args.length - 1 : args.length - 2;
  const rest = args.slice(1).map((arg, i) => (i < values ? assignable(p, arg, value, at) : assignable(p, arg, INT, at)));
  const returnsNothing = name.endsWith('store_n') || name.endsWith('lock_release');
  return node(name, [pointer, ...rest], returnsNothing ? VOID : name.includes('bool_') ? BOOL : value, at);
}
