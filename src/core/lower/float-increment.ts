// `++` and `--` of a floating place, for hosted programs.
import type { IncrementExpr } from '../unit/ast.ts';
import type { Context, Location } from './context.ts';
import { Refused } from './context.ts';
import { emitFloat, floatConstant, floatSize } from './floats.ts';
import { load, store } from './locations.ts';
import { moveScalar } from './moves.ts';

/** `++` and `--` of a floating place. */
export function floatIncrement(cx: Context, e: IncrementExpr, location: Location, into: number | undefined): number {
  const { type } = e.place;
  if (type.kind !== 'float') throw new Refused('floating point', e.at);
  const size = floatSize(cx, type, e.at);
  const result = into ?? cx.pair();
  const old = cx.pair();
  load(cx, location, type, undefined, old, e.at);
  const one = floatConstant(cx, 1, type, undefined, e.at);
  const sum = cx.pair();
  emitFloat(cx, `${e.subtract ? 'sub' : 'add'}${size * 8}`, sum, old, one, e.at);
  store(cx, location, type, undefined, sum, e.at);
  return moveScalar(cx, e.prefix ? sum : old, type, result);
}
