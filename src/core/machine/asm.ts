// Inline assembly as an extension point: models keyed by normalised template, handed the operands.
import type { IntrinsicCall, IntrinsicResult } from './intrinsic.ts';

/** One operand as the source states it. */
export interface AsmOperand {
  /** `=r`, `+m`, `i`, `0`, … without quotes. */
  readonly constraint: string;
  /** Symbolic name from `[name]`, or ''. */
  readonly name: string;
  /** Size in bytes of the operand's C type. */
  readonly size: number;
  readonly signed: boolean;
  readonly kind: 'output' | 'input-output' | 'input';
  /** True when the machine hands over the operand's address (`m` constraints) instead of its value. */
  readonly memory: boolean;
}

/** The static part of one asm statement. */
export interface AsmSite {
  /** Template as written, adjacent literals joined. */
  readonly template: string;
  /** See `normaliseTemplate`. */
  readonly key: string;
  /** Outputs first, then inputs, as in the source; `%0` is operand 0. */
  readonly operands: readonly AsmOperand[];
  readonly clobbers: readonly string[];
  /** Names of the labels of an asm goto. */
  readonly labels: readonly string[];
  readonly volatile: boolean;
  /** Function the statement stands in. */
  readonly function: string;
}

/** One execution of an asm statement. */
export interface AsmCall {
  readonly site: AsmSite;
  readonly machine: IntrinsicCall['machine'];
  /** Value of an input or input-output operand: raw 64 bits, extended from its type. Of a memory operand: its content. */
  read(operand: number): bigint;
  /** Sets an output; truncated to the operand's type. Writes memory for memory operands. */
  write(operand: number, value: bigint): void;
  /** Address of a memory operand. */
  address(operand: number): bigint;
  /** Leaves an asm goto through label `index` instead of falling through. */
  jump(index: number): void;
  /** Calls a function now, nested; see `IntrinsicCall.run`. */
  run: IntrinsicCall['run'];
  log(line: string): void;
  warn: IntrinsicCall['warn'];
  /** Function and place of the statement. */
  readonly caller: string | undefined;
  readonly at: IntrinsicCall['site'];
}

export interface AsmModel {
  /** Key made by `normaliseTemplate`, or a test on the site for families of templates. */
  readonly matches: string | ((site: AsmSite) => boolean);
  readonly fidelity: 'exact' | { readonly partial: string };
  readonly reason: string;
  run(call: AsmCall): IntrinsicResult;
}

/**
 * Template without what varies between equal uses: white space and `;`/newline runs collapse to one `; `, leading and
 * trailing separators go, comments (`# …` to the line's end) go, `%=` stays.
 */
export function normaliseTemplate(template: string): string {
  return template
    .replace(/#[^\n]*/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/\s*[;\n]\s*/g, '; ')
    .replace(/(?:; )+/g, '; ')
    .replace(/^[; ]+|[; ]+$/g, '');
}

/** Finds the model of a site: exact keys first, then tests in order. */
export function findAsmModel(models: readonly AsmModel[], site: AsmSite): AsmModel | undefined {
  return (
    models.find((m) => typeof m.matches === 'string' && m.matches === site.key) ??
    models.find((m) => typeof m.matches === 'function' && m.matches(site))
  );
}
