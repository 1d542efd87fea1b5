// Reads the template of an inline assembly statement into instructions (AT&T syntax, as gcc hands it to the assembler).

/** An operand of an instruction. */
export type AsmArg =
  /** `%0`, `%[name]`, `%b1`, `%P[var]`: operand of the statement, with its size modifier; `base` when written `(%0)`. */
  | { readonly kind: 'operand'; readonly ref: string; readonly modifier: string; readonly indirect: boolean; readonly displacement: bigint }
  | { readonly kind: 'register'; readonly name: string; readonly indirect: boolean; readonly displacement: bigint }
  | { readonly kind: 'immediate'; readonly value: bigint }
  /** `%l[label]` of an asm goto. */
  | { readonly kind: 'label'; readonly ref: string };

export interface AsmInstruction {
  readonly mnemonic: string;
  readonly args: readonly AsmArg[];
  /** `rep`, `lock` and the like that stood before the mnemonic. */
  readonly prefixes: readonly string[];
}

export type ParsedTemplate =
  { readonly kind: 'instructions'; readonly list: readonly AsmInstruction[] } | { readonly kind: 'refused'; readonly what: string };

const PREFIXES = new Set(['lock', 'rep', 'repe', 'repz', 'repne', 'cs', 'ds', 'notrack']);

/** Drops what the assembler puts into other sections: exception tables, alternatives, lock annotations. */
function dropOtherSections(template: string): string {
  let text = '';
  let depth = 0;
  for (const line of template.replace(/\/\*.*?\*\//gs, ' ').split(/[\n;]/)) {
    const bare = line.replace(/#.*$/, '').trim();
    if (/^\.(pushsection|section)\b/.test(bare)) depth++;
    else if (/^\.(popsection|previous)\b/.test(bare)) depth = Math.max(0, depth - 1);
    else if (depth === 0) text += `${bare}\n`;
  }
  return text;
}

function splitArgs(text: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let current = '';
  for (const c of text) {
    if (c === '(') depth++;
    if (c === ')') depth--;
    if (c === ',' && depth === 0) {
      out.push(current.trim());
      current = '';
    } else current += c;
  }
  if (current.trim() !== '') out.push(current.trim());
  return out;
}

function parseNumber(text: string): bigint | undefined {
  const match = /^(-?)(0x[0-9a-fA-F]+|\d+)$/.exec(text.trim());
  if (match === null) return undefined;
  const value = BigInt(match[2] ?? '0');
  return match[1] === '-' ? -value : value;
}

/** One operand text; undefined when its form is not known. Segment prefixes are dropped: the base of %gs is 0 on CPU 0. */
function parseArg(text: string): AsmArg | undefined {
  let rest = text
    .replace(/^%%(gs|fs|ds|es|ss|cs):/, '')
    .replace(/^%%gs:/, '')
    .trim();
  if (rest.startsWith('$')) {
    const value = parseNumber(rest.slice(1));
    if (value !== undefined) return { kind: 'immediate', value };
    rest = rest.slice(1);
  }
  const label = /^%l(?:\[(\w+)\]|(\d+))$/.exec(rest);
  if (label !== null) return { kind: 'label', ref: label[1] ?? label[2] ?? '' };
  let displacement = 0n;
  let indirect = false;
  const memory = /^([^()]*)\((.*)\)$/.exec(rest);
  if (memory !== null) {
    if ((memory[1] ?? '').trim() !== '') {
      const value = parseNumber(memory[1] ?? '');
      if (value === undefined) return undefined;
      displacement = value;
    }
    indirect = true;
    rest = (memory[2] ?? '').trim().replace(/,\s*$/, '');
    if (rest === '%%rip') return undefined;
  }
  const operand = /^%([a-zA-Z]?)(?:\[(\w+)\]|(\d+))$/.exec(rest);
  if (operand !== null) {
    return { kind: 'operand', ref: operand[2] ?? operand[3] ?? '', modifier: operand[1] ?? '', indirect, displacement };
  }
  const register = /^%%(\w+)$/.exec(rest);
  if (register !== null) return { kind: 'register', name: register[1] ?? '', indirect, displacement };
  const number = parseNumber(rest);
  if (number !== undefined) return { kind: 'immediate', value: number };
  return undefined;
}

/** Instructions of a template in the order they stand; the first form that is not known refuses the whole. */
export function parseTemplate(template: string): ParsedTemplate {
  const list: AsmInstruction[] = [];
  let prefixes: string[] = [];
  for (const raw of dropOtherSections(template).split('\n')) {
    let line = raw.trim();
    // `{rex|b}`-like dialect alternatives do not occur in the kernel; local labels and directives carry no instruction.
    for (let label = /^(\d+|[.\w]+):\s*/.exec(line); label !== null && !line.startsWith('%'); label = /^(\d+|[.\w]+):\s*/.exec(line)) {
      line = line.slice(label[0].length);
    }
    if (line === '' || line.startsWith('.')) continue;
    let match = /^([a-z][\w.]*)\s*(.*)$/.exec(line);
    while (match !== null && PREFIXES.has(match[1] ?? '')) {
      prefixes.push(match[1] ?? '');
      line = match[2] ?? '';
      match = /^([a-z][\w.]*)\s*(.*)$/.exec(line);
    }
    if (line === '') continue;
    if (match === null) return { kind: 'refused', what: raw.trim() };
    const args: AsmArg[] = [];
    for (const text of splitArgs(match[2] ?? '')) {
      const arg = parseArg(text);
      if (arg === undefined) return { kind: 'refused', what: raw.trim() };
      args.push(arg);
    }
    list.push({ mnemonic: match[1] ?? '', args, prefixes });
    prefixes = [];
  }
  return { kind: 'instructions', list };
}
