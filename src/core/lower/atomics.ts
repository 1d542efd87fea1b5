// __sync_* and __atomic_* builtins: one simulated CPU runs at a time, so each is a plain read, change and write.
import type { CType } from '../ctype/types.ts';
import { op } from '../machine/ir.ts';
import type { BinaryOp, BuiltinExpr, Expr } from '../unit/ast.ts';
import { arithmetic } from './arithmetic.ts';
import { arg } from './builtin-arguments.ts';
import type { Context, Location } from './context.ts';
import { Refused, widthOf } from './context.ts';
import { convert } from './convert.ts';
import { load, store } from './locations.ts';

const operators: Readonly<Record<string, BinaryOp>> = { add: '+', sub: '-', and: '&', or: '|', xor: '^' };

/** Value of an atomic builtin. */
export function atomicBuiltin(cx: Context, e: BuiltinExpr, into: number | undefined): number {
  const name = e.name.replace(/_(?:1|2|4|8)$/, '');
  if (name === '__sync_synchronize' || name === '__atomic_thread_fence' || name === '__atomic_signal_fence') return into ?? cx.pair();
  const d = into ?? cx.pair();
  const before = cx.top;
  const pointer = cx.pair();
  cx.value(arg(e, 0), pointer);
  const place: Location = { kind: 'memory', base: pointer, offset: 0 };
  const pointerType = arg(e, 0).type;
  const type = pointerType.kind === 'pointer' ? pointerType.to : pointerType;
  atomic(cx, e, name, place, type, d);
  cx.top = before;
  return d;
}

function atomic(cx: Context, e: BuiltinExpr, name: string, place: Location, type: CType, d: number): void {
  const fetchFirst = /^__(?:sync|atomic)_fetch_and_(\w+)$|^__atomic_fetch_(\w+)$/.exec(name);
  const operateFirst = /^__sync_(\w+)_and_fetch$|^__atomic_(\w+)_fetch$/.exec(name);
  const operator = operators[fetchFirst?.[1] ?? fetchFirst?.[2] ?? operateFirst?.[1] ?? operateFirst?.[2] ?? ''];
  if (operator !== undefined) {
    const old = load(cx, place, type, undefined, undefined, e.at);
    const held: Expr = { kind: 'int', value: 0n, type, at: e.at };
    cx.held.set(held, old);
    const sum = convert(cx, arithmetic(cx, operator, type, held, arg(e, 1), undefined, e.at), type, type, undefined, e.at);
    store(cx, place, type, undefined, sum, e.at);
    const result = fetchFirst === null ? sum : old;
    cx.emit(op.MOV64, d, result);
    return;
  }
  switch (name) {
    case '__atomic_load_n':
      load(cx, place, type, undefined, d, e.at);
      return;
    case '__atomic_store_n':
    case '__sync_lock_release':
      store(cx, place, type, undefined, e.args[1] === undefined ? zero(cx) : cx.value(arg(e, 1)), e.at);
      return;
    case '__atomic_exchange_n':
    case '__sync_lock_test_and_set': {
      const value = cx.value(arg(e, 1));
      const old = load(cx, place, type, undefined, undefined, e.at);
      store(cx, place, type, undefined, value, e.at);
      cx.emit(op.MOV64, d, old);
      return;
    }
    case '__sync_val_compare_and_swap':
    case '__sync_bool_compare_and_swap': {
      const wide = widthOf(type, e.at) === 64;
      const expected = cx.value(arg(e, 1));
      const value = cx.value(arg(e, 2));
      const old = load(cx, place, type, undefined, undefined, e.at);
      const end = cx.newLabel();
      const isBool = name === '__sync_bool_compare_and_swap';
      if (isBool) cx.emit(wide ? op.EQ64 : op.EQ32, d, old, expected);
      cx.jump(wide ? op.JNE64 : op.JNE32, end, old, expected);
      store(cx, place, type, undefined, value, e.at);
      cx.bind(end);
      if (!isBool) cx.emit(op.MOV64, d, old);
      return;
    }
    default:
      throw new Refused(`builtin ${e.name}`, e.at);
  }
}

function zero(cx: Context): number {
  const slot = cx.pair();
  cx.emit(op.CONST64, slot, 0, 0);
  return slot;
}
