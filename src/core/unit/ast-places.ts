// Places in memory: the lvalues of the typed AST, one interface each (their union is `LValue` in ast.ts), and asm operands.

import type { ArrayType, BitRange, CType } from '../ctype/types.ts';
import type { Expr, Initialiser, LocalVariable, LValue, ObjectRef } from './ast.ts';

interface PlaceBase {
  /** With qualifiers. */
  readonly type: CType;
  readonly at: number;
}
export interface VariablePlace extends PlaceBase {
  readonly kind: 'variable';
  readonly variable: LocalVariable;
}
export interface ObjectPlace extends PlaceBase {
  readonly kind: 'object';
  readonly object: ObjectRef;
}
/** `*pointer`; `a[i]` is a deref of a pointer-add. */
export interface DerefPlace extends PlaceBase {
  readonly kind: 'deref';
  readonly pointer: Expr;
}
/** `base.name`; anonymous members are resolved, so `offset` may cross several levels. */
export interface MemberPlace extends PlaceBase {
  readonly kind: 'member';
  readonly base: LValue;
  readonly name: string;
  /** Bytes from the base. */
  readonly offset: number;
  readonly bits: BitRange | undefined;
}
/** String literal (static, char array with the terminating zero); wide strings have wider elements. */
export interface StringPlace extends PlaceBase {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
  readonly type: ArrayType;
}
/** Compound literal in a function: on evaluation `variable` is initialised (fresh each time), then it is the place. */
export interface LiteralPlace extends PlaceBase {
  readonly kind: 'literal';
  readonly variable: LocalVariable;
  readonly initialiser: Initialiser;
}
/** A record value whose member is read (`f().x`): evaluate into a temporary. */
export interface TemporaryPlace extends PlaceBase {
  readonly kind: 'temporary';
  readonly value: Expr;
}

/** `constraint` with its modifiers: "=r", "+m", "=@ccz". */
export interface AsmOutput {
  readonly name: string | undefined;
  readonly constraint: string;
  readonly place: LValue;
}
/** `place` is set too when the operand is an lvalue (needed by memory constraints). */
export interface AsmInput {
  readonly name: string | undefined;
  readonly constraint: string;
  readonly value: Expr | undefined;
  readonly place: LValue | undefined;
}
