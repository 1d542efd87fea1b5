// Initialisers of automatic variables and compound literals.
import { op } from '../machine/ir.ts';
import type { Expr, Initialiser, InitItem } from '../unit/ast.ts';
import type { Context, Location } from './context.ts';
import { based, copyRecord, shifted, store } from './locations.ts';
import { sizeOfComplete } from './sizes.ts';

/** From this many constant items on, they are copied from a constant image instead of being stored one by one. */
const imageFrom = 4;

/** Initialises the object at `target`. */
export function initialise(cx: Context, target: Location, initialiser: Initialiser): void {
  const before = cx.top;
  if (target.kind === 'register') {
    const [item] = initialiser.items;
    // `int x = x;` says on purpose that the first value does not matter.
    const own = item === undefined ? undefined : ownValue(item.value);
    if (item === undefined) cx.emit(op.CONST64, target.slot, 0, 0);
    else if (own === undefined || cx.slotOf[own] !== target.slot) cx.value(item.value, target.slot);
    cx.assigned(target.slot, true);
    cx.top = before;
    return;
  }
  const image = constantImage(initialiser);
  if (image !== undefined) {
    const from: Location = { kind: 'absolute', address: cx.linker.stringAddress(image.bytes) };
    copyRecord(cx, target, from, initialiser.size, cx.definition.at);
    cx.top = before;
  } else if (initialiser.zero && initialiser.size > 0) {
    const [base, offset] = based(cx, target, cx.definition.at);
    cx.emit(op.ZERO, base, offset, initialiser.size);
    cx.top = before;
  }
  for (const item of initialiser.items) {
    if (image?.done.has(item) !== true) storeItem(cx, target, item, initialiser.zero);
    cx.top = before;
  }
}

/** Id of the local that an expression is a plain read of. */
function ownValue(e: Expr): number | undefined {
  if (e.kind === 'cast') return ownValue(e.operand);
  return e.kind === 'load' && e.place.kind === 'variable' ? e.place.variable.id : undefined;
}

function storeItem(cx: Context, target: Location, item: InitItem, zeroed: boolean): void {
  const { value, type } = item;
  if (zeroed && value.kind === 'int' && value.value === 0n && !cx.held.has(value)) return;
  cx.mark(value.at);
  const at = shifted(target, item.offset, value.at);
  if (value.type.kind === 'array' && value.kind === 'load') {
    const from = cx.locate(value.place);
    copyRecord(cx, at, from, Math.min(sizeOfComplete(value.type), sizeOfComplete(type)), value.at);
  } else if (type.kind === 'record') {
    copyRecord(cx, at, cx.recordAt(value), sizeOfComplete(type), value.at);
  } else {
    store(cx, at, type, item.bits, cx.value(value), value.at);
  }
}

/** Bytes with all constant items in place; undefined when there are too few or items overlap. */
function constantImage(initialiser: Initialiser): { bytes: Uint8Array; done: ReadonlySet<InitItem> } | undefined {
  const constants = initialiser.items.filter((i) => i.value.kind === 'int' && i.bits === undefined && i.type.kind !== 'record');
  if (!initialiser.zero || constants.length < imageFrom) return undefined;
  const bytes = new Uint8Array(initialiser.size);
  const written = new Uint8Array(initialiser.size);
  for (const item of initialiser.items) {
    // A bit-field shares its bytes with its neighbours; anything that could overlap is left to plain stores.
    const size = item.bits === undefined ? sizeOfComplete(item.type) : Math.ceil((item.bits.shift + item.bits.width) / 8);
    for (let i = 0; i < size; i++) {
      if (written[item.offset + i] === 1 && item.bits === undefined) return undefined;
      written[item.offset + i] = 1;
    }
  }
  for (const { offset, type, value } of constants) {
    if (value.kind !== 'int') continue;
    const raw = BigInt.asUintN(64, value.value);
    for (let i = 0; i < sizeOfComplete(type); i++) bytes[offset + i] = Number((raw >> BigInt(8 * i)) & 0xffn);
  }
  return { bytes, done: new Set(constants) };
}
