// Record values: where their bytes lie, and how they travel through calls.
import { alignOf } from '../ctype/layout.ts';
import type { CType } from '../ctype/types.ts';
import { op } from '../machine/ir.ts';
import type { Expr } from '../unit/ast.ts';
import { vaArgAddress } from './builtins.ts';
import type { Context, Location } from './context.ts';
import { Refused } from './context.ts';
import { noteStored } from './escapes.ts';
import { addressOf, based, copyRecord } from './locations.ts';
import { sizeOfComplete } from './sizes.ts';

/** Records up to this size travel as their bytes in one register pair. */
export const smallRecord = 8;

/** __int128 travels like a large record: through memory. */
export function isWide(type: CType): boolean {
  return type.kind === 'int' && type.size === 16;
}

/** True when a function of this result type gets the address of the result as a hidden first argument. */
export function returnsInMemory(type: CType): boolean {
  return (type.kind === 'record' && sizeOfComplete(type) > smallRecord) || isWide(type);
}

/** Where the bytes of a record value lie. They may be the bytes of an object: copy them before anything else runs. */
export function recordAt(cx: Context, e: Expr): Location {
  cx.mark(e.at);
  switch (e.kind) {
    case 'load':
      return cx.locate(e.place);
    case 'assign': {
      noteStored(cx, e.place, e.value);
      const to = cx.locate(e.place);
      const from = recordAt(cx, e.value);
      cx.mark(e.at);
      copyRecord(cx, to, from, sizeOfComplete(e.type), e.at);
      return to;
    }
    case 'cast':
      return recordAt(cx, e.operand);
    case 'comma':
      cx.effect(e.left);
      return recordAt(cx, e.right);
    case 'call': {
      const size = sizeOfComplete(e.type);
      const offset = cx.reserve('result of a call', size, alignOf(e.type));
      const at: Location = { kind: 'memory', base: cx.frameSlot, offset };
      if (returnsInMemory(e.type)) {
        cx.call(e, undefined, true, offset);
      } else {
        const before = cx.top;
        const v = cx.call(e, undefined, true);
        if (size > 0) cx.emit(op.STN, cx.frameSlot, offset, size, v);
        cx.top = before;
      }
      return at;
    }
    case 'cond': {
      const d = cx.pair();
      const before = cx.top;
      const otherwise = cx.newLabel();
      const end = cx.newLabel();
      cx.jumpIf(e.condition, otherwise, false);
      addressOf(cx, recordAt(cx, e.then), d, e.at);
      cx.jump(op.JMP, end);
      cx.top = before;
      cx.bind(otherwise);
      addressOf(cx, recordAt(cx, e.otherwise), d, e.at);
      cx.top = before;
      cx.bind(end);
      return { kind: 'memory', base: d, offset: 0 };
    }
    case 'statement-expr': {
      const { result } = e;
      if (result === undefined) break;
      const size = sizeOfComplete(e.type);
      const offset = cx.reserve('result of a statement expression', size, alignOf(e.type));
      const at: Location = { kind: 'memory', base: cx.frameSlot, offset };
      const before = cx.top;
      cx.inBlock(e.block, () => {
        copyRecord(cx, at, recordAt(cx, result), size, e.at);
      });
      cx.top = before;
      return at;
    }
    case 'va-arg':
      return { kind: 'memory', base: vaArgAddress(cx, e), offset: 0 };
    case 'int':
    case 'float':
    case 'decay':
    case 'address':
    case 'function':
    case 'label-address':
    case 'unary':
    case 'binary':
    case 'pointer-add':
    case 'pointer-difference':
    case 'logical':
    case 'elvis':
    case 'compound-assign':
    case 'increment':
    case 'builtin':
      break;
  }
  throw new Refused(`a record value from ${e.kind}`, e.at);
}

/** A record of at most 8 bytes as a value in a pair. */
export function loadSmallRecord(cx: Context, e: Expr, into: number | undefined): number {
  const size = sizeOfComplete(e.type);
  const d = into ?? cx.pair();
  if (size > smallRecord) throw new Refused('a record where a scalar is needed', e.at);
  const before = cx.top;
  if (e.kind === 'call') {
    cx.call(e, d, true);
  } else {
    const location = recordAt(cx, e);
    if (size === 0) {
      cx.emit(op.CONST64, d, 0, 0);
    } else {
      const [base, offset] = based(cx, location, e.at);
      cx.mark(e.at);
      cx.emit(op.LDN, d, base, offset, size);
    }
  }
  cx.top = before;
  return d;
}
