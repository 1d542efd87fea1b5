// What lowering asks of the program it lowers for: addresses of names. No unit is loaded for an answer.
import type { FunctionRef, ObjectRef } from '../unit/ast.ts';

/** The linker as one unit sees it (static names belong to the unit). */
export interface Linker {
  /** Hosted programs compute with floats; kernel code that does is refused. */
  readonly floatingPoint: boolean;
  /** Address of an object; its content is made when it is first touched. */
  objectAddress(object: ObjectRef): bigint;
  /** Program-wide number of a function, also of one that nobody defines. */
  functionId(fn: FunctionRef): number;
  /** Address of a function; 0 for a weak function that nobody defines. */
  functionAddress(fn: FunctionRef): bigint;
  /** Address of a string literal with these bytes (its terminating zero included). */
  stringAddress(bytes: Uint8Array): bigint;
}
