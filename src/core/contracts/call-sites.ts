// Finds the places that call a function by name or through a slot.
import type { Node } from 'web-tree-sitter';
import type { WordSearch } from '../source/word-search.ts';
import { definitionAt } from '../symbols/expression-type.ts';
import { enclosing } from '../symbols/nodes.ts';
import type { OpsReport } from '../symbols/ops.ts';
import type { FunctionOutline, SourceFile } from '../syntax/source-file.ts';
import type { SourceTrees } from '../syntax/trees.ts';
import type { CallSite } from './result-codes.ts';

const maximumCallerFiles = 40;
const outside = /^(tools|scripts|samples|Documentation)\//;

/** Call sites on demand; remembers them as long as their trees live. */
export class CallSites {
  private readonly input: { readonly trees: SourceTrees; readonly search: WordSearch; readonly ops: () => OpsReport };
  private readonly sites = new Map<string, readonly CallSite[]>();

  constructor(input: CallSites['input']) {
    this.input = input;
  }

  /** Slots (`struct.member`) that hold a function. */
  slotsOf(name: string): string[] {
    const slots = new Set<string>();
    for (const t of this.input.ops().tables) for (const s of t.slots) if (s.function === name) slots.add(`${t.struct}.${s.member}`);
    return [...slots].sort();
  }

  /** Calls through a slot (`struct.member`) of the ops structs. */
  dispatches(slot: string): CallSite[] {
    const [struct, member] = slot.split('.');
    const sites: CallSite[] = [];
    for (const d of this.input.ops().dispatches) {
      if (d.struct !== struct || d.member !== member) continue;
      const file = this.input.trees.open(d.file);
      const f = file?.functionAt(d.line);
      if (file === undefined || f === undefined) continue;
      for (const call of definitionAt(file, f.nameOffset)?.descendantsOfType('call_expression') ?? [])
        if (new RegExp(`(?:->|\\.)\\s*${member}\\W*$`).test(call.childForFieldName('function')?.text ?? '')) sites.push({ file, f, call });
    }
    return sites;
  }

  /** Calls of a function by name. */
  byName(name: string, home: SourceFile, f: FunctionOutline): readonly CallSite[] {
    const key = `${f.isStatic ? home.path : ''}:${name}`;
    const known = this.sites.get(key);
    // Trees that were freed meanwhile take their nodes with them.
    if (known?.every((s) => this.input.trees.open(s.file.path) === s.file) === true) return known;
    const sites: CallSite[] = [];
    const pattern = new RegExp(`\\b${name}\\s*\\(`, 'g');
    const files =
      f.isStatic && home.path.endsWith('.c') ? [home.path] : this.input.search.filesWith([`${name}(`]).filter((x) => !outside.test(x));
    for (const path of files.slice(0, maximumCallerFiles)) {
      pattern.lastIndex = 0;
      if (!pattern.test(this.input.trees.files.read(path) ?? '')) continue;
      const file = this.input.trees.open(path);
      // A file with a function of that name calls its own.
      if (file === undefined || (path !== home.path && file.functions.some((g) => g.name === name))) continue;
      pattern.lastIndex = 0;
      for (const m of file.text.matchAll(pattern)) {
        const g = file.functionAt(file.lineAt(m.index));
        if (g === undefined || m.index < g.bodyOffset) continue;
        const call = enclosing(file.root.descendantForIndex(m.index), ['call_expression'], ['compound_statement']);
        if (call?.childForFieldName('function')?.startIndex === m.index) sites.push({ file, f: g, call });
      }
    }
    this.sites.set(key, sites);
    return sites;
  }
}

/** Index of the argument that an offset lies in, with the call; for hovers. */
export function argumentAt(file: SourceFile, offset: number): { call: Node; index: number } | undefined {
  const call = enclosing(file.root.descendantForIndex(offset), ['call_expression'], ['compound_statement']);
  const args = call?.childForFieldName('arguments');
  if (call === undefined || args === null || args === undefined || offset < args.startIndex) return undefined;
  const index = args.namedChildren.findIndex((a) => a.startIndex <= offset && offset <= a.endIndex);
  return index < 0 ? undefined : { call, index };
}
