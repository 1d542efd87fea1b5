// The typed AST of one function or initialiser: what the parser promises to lowering (plain data, no closures).
//
// Conventions
// - `Expr` is a value, `LValue` is a place in memory. Reading a place is always an explicit `load`; arrays decay by
//   `decay`; a function designator is always its address (`function`). There are no other implicit steps: every
//   conversion is a `cast` node, operands of a `binary` node already have one type (shifts: each its promoted own).
// - Types of values are unqualified; a record value has a record type and is copied as bytes.
// - `at` is the token index in the unit's token stream: `unit.tokens.place(at)`.
// - What C requires to be constant is folded (`int` nodes): sizeof, offsetof, case labels, array lengths, enumerators,
//   __builtin_choose_expr, _Generic, __builtin_types_compatible_p, __builtin_constant_p.

import type { BitRange, CType, FunctionType, IntType, PointerType } from '../ctype/types.ts';
import type {
  AsmInput,
  AsmOutput,
  DerefPlace,
  LiteralPlace,
  MemberPlace,
  ObjectPlace,
  StringPlace,
  TemporaryPlace,
  VariablePlace,
} from './ast-places.ts';
import type { SymbolAttributes } from './symbol-attributes.ts';

/** A parameter or automatic variable of a function; `id` indexes `FunctionDefinition.locals`. */
export interface LocalVariable {
  readonly kind: 'local';
  readonly id: number;
  /** Hidden variables (VLA sizes, temporaries) have names that are no C identifiers. */
  readonly name: string;
  /** Complete, except for VLAs (`ArrayType.sizeLocal`). Completed after parsing when an initialiser gives the length. */
  type: CType;
  readonly parameter: boolean;
  /** Function to call with the variable's address when its scope ends, by any way out (attribute cleanup). */
  cleanup: FunctionRef | undefined;
  /** Alignment in bytes the declaration asks for, 0 for the type's own. */
  align: number;
  /** Register name of `register T x asm("rsp")`. */
  readonly register: string | undefined;
  /** True when the address is taken, or the type is no scalar: must live in memory. */
  addressed: boolean;
  readonly at: number;
}

/** An object of static storage: file scope, or a static local (linkage 'none', name made unique by the unit). */
export interface ObjectRef {
  readonly kind: 'object';
  /** Name in the source. */
  readonly name: string;
  /** Unique within the unit: the name, or `function.name#n` for static locals and `.literal#n` for compound literals. */
  readonly key: string;
  readonly linkage: 'external' | 'internal' | 'none';
  /** Composite type of all declarations of the unit. */
  type: CType;
  /** True when this unit defines it (initialiser or tentative definition). */
  readonly defined: boolean;
  readonly attributes: SymbolAttributes;
  readonly at: number;
  /** For linkage 'none': the initialiser, parsed with the function. File scope: ask `unit.initialiser(object)`. */
  initialiser: Initialiser | undefined;
}

/** A function by name, as this unit declares it. */
export interface FunctionRef {
  readonly kind: 'function';
  readonly name: string;
  readonly linkage: 'external' | 'internal';
  readonly type: FunctionType;
  /** True when this unit has a body for it (an `extern inline` body of gnu_inline counts). */
  readonly defined: boolean;
  readonly attributes: SymbolAttributes;
  readonly at: number;
}

// ---- values -------------------------------------------------------------------------------------------------------

export type Expr =
  | IntExpr
  | FloatExpr
  | LoadExpr
  | DecayExpr
  | AddressExpr
  | FunctionExpr
  | LabelAddressExpr
  | UnaryExpr
  | BinaryExpr
  | PointerAddExpr
  | PointerDifferenceExpr
  | LogicalExpr
  | CondExpr
  | ElvisExpr
  | CastExpr
  | AssignExpr
  | CompoundAssignExpr
  | IncrementExpr
  | CallExpr
  | BuiltinExpr
  | CommaExpr
  | StatementExpr
  | VaArgExpr;

interface ExprBase {
  readonly type: CType;
  readonly at: number;
}

/** Integer or pointer constant (null pointers, `(void *)-1`). `value` is in the range of the type; pointers are unsigned. */
export interface IntExpr extends ExprBase {
  readonly kind: 'int';
  readonly value: bigint;
}
export interface FloatExpr extends ExprBase {
  readonly kind: 'float';
  readonly value: number;
}
/** Reads a place. Volatile when `place.type` is. A record load is a copy of the record. */
export interface LoadExpr extends ExprBase {
  readonly kind: 'load';
  readonly place: LValue;
}
/** Array to pointer to its first element. */
export interface DecayExpr extends ExprBase {
  readonly kind: 'decay';
  readonly place: LValue;
  readonly type: PointerType;
}
export interface AddressExpr extends ExprBase {
  readonly kind: 'address';
  readonly place: LValue;
  readonly type: PointerType;
}
/** Address of a function. */
export interface FunctionExpr extends ExprBase {
  readonly kind: 'function';
  readonly fn: FunctionRef;
  readonly type: PointerType;
}
/** GNU `&&label`, as the kernel's _THIS_IP_ uses it: a value only (computed goto is refused). */
export interface LabelAddressExpr extends ExprBase {
  readonly kind: 'label-address';
  readonly label: Label;
}
/** Operand promoted; `!` gives int and takes any scalar. */
export interface UnaryExpr extends ExprBase {
  readonly kind: 'unary';
  readonly op: UnaryOp;
  readonly operand: Expr;
}
/** Both operands have one type (the computation type), except shifts. Comparisons give int; pointers compare unsigned. */
export interface BinaryExpr extends ExprBase {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
}
/** `pointer + index * scale` (or minus). `index` is a 64-bit integer; `scale` in bytes, an expression for VLA elements. */
export interface PointerAddExpr extends ExprBase {
  readonly kind: 'pointer-add';
  readonly pointer: Expr;
  readonly index: Expr;
  readonly scale: number | Expr;
  readonly subtract: boolean;
}
/** `(left - right) / scale`, type long. Scale 0 (empty struct) must not be divided by. */
export interface PointerDifferenceExpr extends ExprBase {
  readonly kind: 'pointer-difference';
  readonly left: Expr;
  readonly right: Expr;
  readonly scale: number | Expr;
}
/** Short-circuit; operands are scalars tested against zero; type int. */
export interface LogicalExpr extends ExprBase {
  readonly kind: 'logical';
  readonly op: '&&' | '||';
  readonly left: Expr;
  readonly right: Expr;
}
/** Branches have the type of the node (possibly void or record). */
export interface CondExpr extends ExprBase {
  readonly kind: 'cond';
  readonly condition: Expr;
  readonly then: Expr;
  readonly otherwise: Expr;
}
/** GNU `value ?: otherwise`: value once; when it is not zero the result is value converted to `type`. */
export interface ElvisExpr extends ExprBase {
  readonly kind: 'elvis';
  readonly value: Expr;
  readonly otherwise: Expr;
}
/** Scalar conversion (to _Bool: != 0), or to void (any operand). Record to the same record type is a no-op. */
export interface CastExpr extends ExprBase {
  readonly kind: 'cast';
  readonly operand: Expr;
  readonly implicit: boolean;
}
/** Simple assignment; `value` has the place's unqualified type. The result is the value stored (bit-fields: truncated). */
export interface AssignExpr extends ExprBase {
  readonly kind: 'assign';
  readonly place: LValue;
  readonly value: Expr;
}
/**
 * `place op= value`: load place once, convert to `computeType`, apply `op` with `value` (already of computeType; shifts: own
 * promoted type), convert back, store. With a pointer place `scale` is set and op is + or -, value a 64-bit integer.
 */
export interface CompoundAssignExpr extends ExprBase {
  readonly kind: 'compound-assign';
  readonly op: BinaryOp;
  readonly place: LValue;
  readonly value: Expr;
  readonly computeType: CType;
  readonly scale: number | Expr | undefined;
}
/** `++`/`--`: adds `step` (bytes for pointers: +-size; otherwise +-1), converted to the place's type; `prefix` gives the new value. */
export interface IncrementExpr extends ExprBase {
  readonly kind: 'increment';
  readonly place: LValue;
  readonly step: number | Expr;
  readonly subtract: boolean;
  readonly prefix: boolean;
}
/** Direct when `callee.kind` is 'function', otherwise a pointer value. Arguments are converted and promoted. */
export interface CallExpr extends ExprBase {
  readonly kind: 'call';
  readonly callee: Expr;
  readonly functionType: FunctionType;
  readonly args: readonly Expr[];
}
/** A gcc builtin that is no plain library call (see `builtins.ts` for the list and argument types). Memory builtins such as
 * `__builtin_memcpy` are ordinary calls of `memcpy`. */
export interface BuiltinExpr extends ExprBase {
  readonly kind: 'builtin';
  readonly name: string;
  readonly args: readonly Expr[];
}
export interface CommaExpr extends ExprBase {
  readonly kind: 'comma';
  readonly left: Expr;
  readonly right: Expr;
}
/** GNU `({ … })`. `result` is evaluated inside the block's scope after its items (before cleanups), undefined when void. */
export interface StatementExpr extends ExprBase {
  readonly kind: 'statement-expr';
  readonly block: Block;
  readonly result: Expr | undefined;
}
/** `list` is a pointer to the va_list's `struct __va_list_tag` (24 bytes, System V layout). */
export interface VaArgExpr extends ExprBase {
  readonly kind: 'va-arg';
  readonly list: Expr;
}

export type UnaryOp = '-' | '~' | '!';
export type BinaryOp = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>' | '==' | '!=' | '<' | '>' | '<=' | '>=';

// ---- places -------------------------------------------------------------------------------------------------------

export type LValue = VariablePlace | ObjectPlace | DerefPlace | MemberPlace | StringPlace | LiteralPlace | TemporaryPlace;

// ---- initialisers -------------------------------------------------------------------------------------------------

/**
 * Normalised initialiser: set all `size` bytes to zero when `zero`, then store the items in order. Later items win.
 * A record item copies a record value; an array item has a `load` of a StringPlace and copies min(sizes) bytes.
 */
export interface Initialiser {
  /** Bytes of the object, with the part of a flexible array member that is initialised. */
  readonly size: number;
  /** False when the items cover every byte that matters (scalars). */
  readonly zero: boolean;
  readonly items: readonly InitItem[];
}
export interface InitItem {
  readonly offset: number;
  readonly bits: BitRange | undefined;
  readonly type: CType;
  readonly value: Expr;
}

// ---- statements ---------------------------------------------------------------------------------------------------

export type Statement =
  | Block
  | DeclareStatement
  | ExpressionStatement
  | IfStatement
  | WhileStatement
  | ForStatement
  | SwitchStatement
  | CaseStatement
  | LabelStatement
  | GotoStatement
  | PlainStatement
  | ReturnStatement
  | AsmStatement;

interface StatementBase {
  readonly at: number;
}

/** One scope: variables declared in `items` live until its end; run their cleanups in reverse order on every way out. */
export interface Block extends StatementBase {
  readonly kind: 'block';
  readonly items: readonly Statement[];
  readonly endAt: number;
}
/** Life of a local begins. For a VLA the hidden size local was declared before and holds the bytes. */
export interface DeclareStatement extends StatementBase {
  readonly kind: 'declare';
  readonly variable: LocalVariable;
  readonly initialiser: Initialiser | undefined;
}
export interface ExpressionStatement extends StatementBase {
  readonly kind: 'expression';
  readonly expr: Expr;
}
export interface IfStatement extends StatementBase {
  readonly kind: 'if';
  readonly condition: Expr;
  readonly then: Statement;
  readonly otherwise: Statement | undefined;
}
export interface WhileStatement extends StatementBase {
  readonly kind: 'while' | 'do';
  readonly condition: Expr;
  readonly body: Statement;
}
/** A scope of its own: `init` may declare (several declarations: several statements). */
export interface ForStatement extends StatementBase {
  readonly kind: 'for';
  readonly init: readonly Statement[];
  readonly condition: Expr | undefined;
  readonly step: Expr | undefined;
  readonly body: Statement;
}
/** `value` is promoted; `cases` lists every label of the body, which appear there as `case` statements. */
export interface SwitchStatement extends StatementBase {
  readonly kind: 'switch';
  readonly value: Expr;
  readonly type: IntType;
  readonly body: Statement;
  readonly cases: readonly CaseStatement[];
}
/** A point inside a switch body. `low`..`high` inclusive, in the switch's promoted type; both undefined for default. */
export interface CaseStatement extends StatementBase {
  readonly kind: 'case';
  readonly low: bigint | undefined;
  readonly high: bigint | undefined;
}
/** Function-wide unique, also for `__label__` labels. */
export interface Label {
  readonly id: number;
  readonly name: string;
}
export interface LabelStatement extends StatementBase {
  readonly kind: 'label';
  readonly label: Label;
}
export interface GotoStatement extends StatementBase {
  readonly kind: 'goto';
  readonly label: Label;
}
export interface PlainStatement extends StatementBase {
  readonly kind: 'break' | 'continue' | 'empty';
}
export interface ReturnStatement extends StatementBase {
  readonly kind: 'return';
  readonly value: Expr | undefined;
}

/** GNU inline assembly with everything its model needs. */
export interface AsmStatement extends StatementBase {
  readonly kind: 'asm';
  /** Template text after C string concatenation, not normalised. */
  readonly template: string;
  readonly outputs: readonly AsmOutput[];
  readonly inputs: readonly AsmInput[];
  readonly clobbers: readonly string[];
  /** Labels of `asm goto`. */
  readonly labels: readonly Label[];
  readonly volatile: boolean;
}
/** A parsed function body. */
export interface FunctionDefinition {
  readonly ref: FunctionRef;
  readonly params: readonly LocalVariable[];
  /** Parameters first, then every local in order of declaration; index = `LocalVariable.id`. */
  readonly locals: readonly LocalVariable[];
  /** Static locals and static compound literals, with their initialisers. */
  readonly statics: readonly ObjectRef[];
  readonly labels: readonly Label[];
  readonly body: Block;
  /** Token index of the name and of the closing brace. */
  readonly at: number;
  readonly endAt: number;
}
