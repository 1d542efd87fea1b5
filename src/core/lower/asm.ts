// Inline assembly: operands are gathered into a window, the machine asks a model, outputs are stored back.
import type { CType } from '../ctype/types.ts';
import type { AsmOperand } from '../machine/asm.ts';
import { normaliseTemplate } from '../machine/asm.ts';
import { op } from '../machine/ir.ts';
import type { AsmStatement, LValue } from '../unit/ast.ts';
import type { Context, Location } from './context.ts';
import { constant } from './convert.ts';
import { addressOf, load, pinned, store } from './locations.ts';
import { loadSmallRecord } from './records.ts';
import { jumpTarget } from './scopes.ts';
import { sizeOfComplete } from './sizes.ts';

/** True when the operand can only be memory: the model then works on its address. */
function isMemory(constraint: string): boolean {
  return /[moV]/.test(constraint) && !/[rqQgabcdSDAiIX0-9]/.test(constraint.replace(/@.*/, ''));
}

function operand(constraint: string, name: string | undefined, type: CType, kind: AsmOperand['kind'], memory: boolean): AsmOperand {
  const scalar = type.kind === 'int' || type.kind === 'pointer' || type.kind === 'record' || type.kind === 'array';
  return {
    constraint,
    name: name ?? '',
    size: scalar ? sizeOfComplete(type) : 8,
    signed: type.kind === 'int' && type.signed,
    kind,
    memory,
  };
}

/** Lowers one asm statement. */
export function asmStatement(cx: Context, s: AsmStatement): void {
  const operands: AsmOperand[] = [];
  const total = s.outputs.length + s.inputs.length;
  const base = cx.pairs(total + 1);
  const stores: { place: LValue; location: Location; slot: number }[] = [];
  let slot = base;
  for (const o of s.outputs) {
    const { place } = o;
    const memory = isMemory(o.constraint) || place.type.kind === 'record' || place.type.kind === 'array';
    operands.push(operand(o.constraint, o.name, place.type, o.constraint.includes('+') ? 'input-output' : 'output', memory));
    const location = pinned(cx, cx.locate(place));
    if (memory && location.kind !== 'register') {
      addressOf(cx, location, slot, s.at);
    } else {
      const bits = place.kind === 'member' ? place.bits : undefined;
      cx.unchecked = true;
      if (o.constraint.includes('+')) load(cx, location, place.type, bits, slot, s.at);
      cx.unchecked = false;
      stores.push({ place, location, slot });
      const last = operands.pop();
      if (last !== undefined) operands.push({ ...last, memory: false });
    }
    slot += 2;
  }
  for (const i of s.inputs) {
    const type = i.place?.type ?? i.value?.type;
    const inMemory = i.place !== undefined && (isMemory(i.constraint) || i.value === undefined);
    const location = inMemory && i.place !== undefined ? cx.locate(i.place) : undefined;
    const memory = location !== undefined && location.kind !== 'register';
    if (type !== undefined) operands.push(operand(i.constraint, i.name, type, 'input', memory));
    if (memory) addressOf(cx, location, slot, s.at);
    else if (location !== undefined && i.place !== undefined) load(cx, location, i.place.type, undefined, slot, s.at);
    else if (i.value?.type.kind === 'record') loadSmallRecord(cx, i.value, slot);
    else if (i.value !== undefined) cx.value(i.value, slot);
    else constant(cx, 0n, 64, slot, s.at);
    slot += 2;
  }
  cx.mark(s.at);
  const site = cx.asm.push({
    template: s.template,
    key: normaliseTemplate(s.template),
    operands,
    clobbers: s.clobbers,
    labels: s.labels.map((l) => l.name),
    volatile: s.volatile,
    function: cx.definition.ref.name,
  });
  cx.emit(op.ASM, site - 1, base);
  for (const { place, location, slot: from } of stores) {
    store(cx, location, place.type, place.kind === 'member' ? place.bits : undefined, from, s.at);
  }
  s.labels.forEach((label, i) => {
    cx.jump(op.JEQI32, jumpTarget(cx, label, s.at), slot, i + 1);
  });
}
