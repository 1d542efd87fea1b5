// What attributes leave behind on a function or an object.

/** Attributes that matter to linking or running. */
export interface SymbolAttributes {
  readonly weak: boolean;
  readonly noreturn: boolean;
  readonly inline: boolean;
  readonly threadLocal: boolean;
  readonly alias: string | undefined;
  /** Section name; per-cpu variables are those in ".data..percpu…". */
  readonly section: string | undefined;
  /** Assembler name (`asm("name")`), also of global register variables. */
  readonly asmName: string | undefined;
  /** Text of attribute error/warning: calling it means a failed compile-time assertion. */
  readonly errorText: string | undefined;
  /** Runs before main() (attribute constructor) or after it (destructor), with this priority. */
  readonly startAt: number | undefined;
  readonly stopAt: number | undefined;
  /** Bytes, 0 = the type's own. */
  readonly align: number;
}
