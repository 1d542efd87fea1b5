// State of lowering one function: code, labels, register pairs, frame memory, scopes; and the ways between the lowering files.
import type { CType } from '../ctype/types.ts';
import type { AsmSite } from '../machine/asm.ts';
import type { FrameObject } from '../machine/ir.ts';
import { op } from '../machine/ir.ts';
import type { Block, CallExpr, Expr, FunctionDefinition, FunctionRef, Initialiser, LocalVariable, LValue, Statement } from '../unit/ast.ts';
import type { Linker } from './linker.ts';

/** A construct that is not lowered; becomes the refusal of the whole function. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly at: number;

  constructor(reason: string, at: number) {
    super(reason);
    this.at = at;
  }
}

/** Where a place lies: in a register pair, at [pair] + offset, or at a constant address. */
export type Location =
  | { readonly kind: 'register'; readonly slot: number }
  | { readonly kind: 'memory'; readonly base: number; readonly offset: number }
  | { readonly kind: 'absolute'; readonly address: bigint };

/** One block while its statements are lowered: what must be undone on a way out. */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly depth: number;
  /** Variables with a cleanup function, in order of declaration. */
  readonly cleanups: { readonly variable: LocalVariable; readonly fn: FunctionRef }[];
  /** Locals in the frame's memory that end with the scope: something may still point at them. */
  readonly mortal: FrameObject[];
  /** Pair that holds the stack pointer from before the scope's VLAs. */
  savedStack: number | undefined;
  /** The scope this is a frozen copy of. */
  readonly origin?: Scope;
}

/** Targets of break and continue with the scope they leave to. */
export interface Loop {
  readonly breakLabel: number;
  readonly continueLabel: number | undefined;
  readonly scope: Scope | undefined;
}

/** One function on its way to IR. Throws `Refused` for what cannot be lowered. */
export class Context {
  readonly definition: FunctionDefinition;
  readonly linker: Linker;
  private words = new Int32Array(256);
  private length = 0;
  private readonly labelAt: number[] = [];
  private readonly fixups: number[] = [];
  readonly places: number[] = [];
  private at = -1;
  /** Next free register word, and the highest ever used. */
  top = 0;
  slots = 0;
  /** Pair of each register local by id; -1 for those in memory. */
  readonly slotOf: number[] = [];
  /** Frame offset of each memory local by id; -1 otherwise (VLAs: pair that holds the address, in `slotOf`). */
  readonly offsetOf: number[] = [];
  frameSlot = -1;
  variadicSlot = -1;
  /** Pair with the address for a record result, -1. */
  resultSlot = -1;
  memory = 0;
  /** Alignment the frame's memory needs. */
  align = 16;
  readonly objects: FrameObject[] = [];
  readonly asm: AsmSite[] = [];
  readonly texts: string[] = [];
  readonly checked: string[] = [];
  /** Pairs set aside for stack pointers saved before VLAs. */
  readonly stackSlots: number[] = [];
  scope: Scope | undefined;
  readonly loops: Loop[] = [];
  /** Labels of the function by `Label.id`: number of the code label, scope once bound. */
  readonly gotoLabels = new Map<number, { label: number; scope: Scope | undefined; bound: boolean }>();
  /** Gotos that leave scopes with cleanups: lowered at the function's end. */
  readonly trampolines: { readonly label: number; readonly target: number; readonly from: Scope | undefined; readonly at: number }[] = [];
  /** Code labels of the case statements of the switches being lowered. */
  readonly cases = new Map<Statement, number>();

  /** Placeholder expressions that stand for a value already in a pair. */
  readonly held = new Map<Expr, number>();
  /** Pairs of variables declared without a value, for the analysis of unassigned reads. */
  readonly declaredOnly: number[] = [];
  /** Pairs of variables whose initialisation a jump may pass over. */
  readonly jumpedOver: number[] = [];
  /** Variables whose reads are checked: flag pair and index into `checked`, by the variable's pair. */
  readonly flags = new Map<number, { readonly flag: number; readonly index: number }>();
  /** Locals of inner scopes whose address is used as a value; `mortal` of the next lowering. */
  readonly pointedAt = new Set<number>();
  /** Locals of inner scopes that die with their scope; known from the lowering before. */
  mortal: ReadonlySet<number> = new Set();
  /** Locals declared in inner scopes. */
  readonly inner = new Set<number>();
  /** Locals that may hold the address of a local in memory. */
  readonly pointsAtLocal = new Set<number>();
  /** The address of a local may be known outside the function. */
  addressLeaves = false;
  /** Address nodes that are only counted from and accessed at once: `a` in `a[i]`. */
  readonly accessed = new Set<Expr>();
  /** Reads that inline assembly makes of its in-and-out operands are not checked. */
  unchecked = false;
  /** The place being located is only pointed at, so an index may be one past the end. */
  pointsOnly = false;
  /** Register words below this belong to variables. */
  variableWords = 0;

  // Set by lower.ts; the lowering files call each other through these.
  value!: (expr: Expr, into?: number) => number;
  call!: (call: CallExpr, into: number | undefined, wanted: boolean, resultOffset?: number) => number;
  effect!: (expr: Expr) => void;
  recordAt!: (expr: Expr) => Location;
  locate!: (place: LValue) => Location;
  jumpIf!: (condition: Expr, label: number, sense: boolean) => void;
  statement!: (statement: Statement) => void;
  initialise!: (target: Location, initialiser: Initialiser) => void;
  /** Lowers a block's items as a scope; `last` runs inside it before the cleanups. */
  inBlock!: (block: Block, last: () => void) => void;

  constructor(definition: FunctionDefinition, linker: Linker) {
    this.definition = definition;
    this.linker = linker;
  }

  get here(): number {
    return this.length;
  }

  /** From here on instructions belong to this token. */
  mark(at: number): void {
    this.at = at;
  }

  emit(...words: readonly number[]): void {
    const { places } = this;
    if (this.at >= 0 && places[places.length - 1] !== this.at) places.push(this.length, this.at);
    for (const w of words) this.word(w);
  }

  word(w: number): void {
    if (this.length === this.words.length) {
      const wider = new Int32Array(this.length * 2);
      wider.set(this.words);
      this.words = wider;
    }
    this.words[this.length++] = w;
  }

  newLabel(): number {
    return this.labelAt.push(-1) - 1;
  }

  bind(label: number): void {
    this.labelAt[label] = this.length;
  }

  /** A word that will hold the label's position. */
  target(label: number): void {
    this.fixups.push(this.length, label);
    this.word(0);
  }

  jump(code: number, label: number, ...operands: readonly number[]): void {
    this.emit(code, ...operands);
    this.target(label);
  }

  /** A variable gets a value, or loses it where its declaration is passed again. */
  assigned(slot: number, is: boolean): void {
    const known = this.flags.get(slot);
    if (known === undefined) return;
    // Whatever the registers held before must not show.
    if (!is) this.emit(op.CONST64, slot, 0, 0);
    this.emit(op.CONST32, known.flag, is ? 1 : 0);
  }

  /** A variable's value is read. */
  checkAssigned(slot: number): void {
    const known = this.unchecked ? undefined : this.flags.get(slot);
    if (known !== undefined) this.emit(op.CHECK_SET, known.flag, known.index);
  }

  /** True for the pair of a variable, which later code may assign. */
  isVariable(slot: number): boolean {
    return slot < this.variableWords;
  }

  /** A new register pair; freed when `top` is set back. */
  pair(): number {
    return this.pairs(1);
  }

  /** Pairs for a value of this type: two for 128 bits. */
  room(type: CType): number {
    return this.pairs(type.kind === 'int' && type.size === 16 ? 2 : 1);
  }

  pairs(count: number): number {
    const slot = this.top;
    this.top += 2 * count;
    if (this.top > this.slots) this.slots = this.top;
    return slot;
  }

  /** Room in the frame's memory with a red zone behind it; gives the offset. */
  reserve(name: string, size: number, align: number): number {
    const unit = Math.max(align, 8);
    this.align = Math.max(this.align, unit);
    const offset = Math.ceil(this.memory / unit) * unit;
    this.memory = offset + size + 8;
    this.objects.push({ name, offset, size });
    return offset;
  }

  /** Code with labels resolved, and the positions that hold targets. */
  finish(): { code: Int32Array; targets: Int32Array } {
    const targets: number[] = [];
    for (let i = 0; i < this.fixups.length; i += 2) {
      const position = this.fixups[i] as number;
      this.words[position] = this.labelAt[this.fixups[i + 1] as number] as number;
      targets.push(position);
    }
    return { code: this.words.slice(0, this.length), targets: Int32Array.from(targets) };
  }
}

/** How a scalar is held: in the low word, in a pair, or not at all in one pair. */
export type Width = 32 | 64 | 128 | 'float';

/** Width of a scalar type; refuses what has no scalar width. */
export function widthOf(type: CType, at: number): Width {
  switch (type.kind) {
    case 'int':
      return type.size === 16 ? 128 : type.size === 8 ? 64 : 32;
    case 'pointer':
      return 64;
    case 'float':
      return 'float';
    case 'void':
    case 'array':
    case 'function':
    case 'record':
    case 'vector':
      throw new Refused(`a ${type.kind} where a scalar is needed`, at);
  }
}
