// switch: a dense table of targets where the labels are close together, a list of ranges otherwise.
import { op } from '../machine/ir.ts';
import type { SwitchStatement } from '../unit/ast.ts';
import type { Context } from './context.ts';
import { Refused } from './context.ts';
import { highWord, lowWord } from './words.ts';

/** Widest table, in targets. */
const widest = 512;

/** Lowers a switch and its body. */
export function switchStatement(cx: Context, s: SwitchStatement): void {
  if (s.type.size === 16) throw new Refused('switch over an __int128', s.at);
  const before = cx.top;
  const slot = cx.value(s.value);
  const end = cx.newLabel();
  let other = end;
  const ranges: { low: bigint; high: bigint; label: number }[] = [];
  for (const c of s.cases) {
    const label = cx.newLabel();
    cx.cases.set(c, label);
    if (c.low === undefined) other = label;
    else ranges.push({ low: c.low, high: c.high ?? c.low, label });
  }
  cx.mark(s.at);
  const wide = s.type.size === 8;
  const lowest = ranges.reduce((m, r) => (r.low < m ? r.low : m), ranges[0]?.low ?? 0n);
  const highest = ranges.reduce((m, r) => (r.high > m ? r.high : m), ranges[0]?.high ?? 0n);
  const span = highest - lowest + 1n;
  if (ranges.length === 0) {
    cx.jump(op.JMP, other);
  } else if (!wide && ranges.length <= 2 && ranges.every((r) => r.low === r.high)) {
    for (const r of ranges) cx.jump(op.JEQI32, r.label, slot, lowWord(r.low));
    cx.jump(op.JMP, other);
  } else if (!wide && span <= BigInt(widest) && span <= BigInt(ranges.length * 4 + 16)) {
    cx.emit(op.SWITCH_DENSE, slot, lowWord(lowest), Number(span));
    cx.target(other);
    for (let k = lowest; k <= highest; k++) cx.target(ranges.find((r) => k >= r.low && k <= r.high)?.label ?? other);
  } else {
    let of = slot;
    if (!wide) {
      of = cx.pair();
      cx.emit(s.type.signed ? op.SX64 : op.ZX64, of, slot);
    }
    cx.emit(op.SWITCH, of, s.type.signed ? 1 : 0, ranges.length);
    cx.target(other);
    for (const r of ranges) {
      for (const w of [lowWord(r.low), highWord(r.low), lowWord(r.high), highWord(r.high)]) cx.word(w);
      cx.target(r.label);
    }
  }
  cx.top = before;
  cx.loops.push({ breakLabel: end, continueLabel: undefined, scope: cx.scope });
  cx.statement(s.body);
  cx.loops.pop();
  cx.bind(end);
}
