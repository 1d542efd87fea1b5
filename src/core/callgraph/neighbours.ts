// Who calls a function and whom it calls, for editors: definitions with places, indirect calls as candidates with their evidence.
import type { Node } from 'web-tree-sitter';
import type { ExpressionTypes } from '../symbols/expression-type.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import type { SourceTrees } from '../syntax/trees.ts';
import type { CallGraph } from './call-graph.ts';
import type { CallEdge, CallKind } from './graph.ts';

/** A function's definition; line of its name, last line of its body. */
export interface FunctionPlace {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** Of the name; from 1. */
  readonly column: number;
  readonly endLine: number;
}

/** A caller or a callee, with the calls between the two. */
export interface Neighbour {
  readonly function: FunctionPlace;
  readonly calls: readonly { readonly line: number; readonly kind: CallKind; readonly evidence: string }[];
}

/** Functions of a slot: what `struct.member` can hold. */
export interface SlotFunctions {
  readonly slot: string;
  readonly functions: readonly FunctionPlace[];
}

/** Answers one step up or down the call graph at a time; made anew when a text changes. */
export class Neighbours {
  private readonly trees: SourceTrees;
  private readonly types: ExpressionTypes;
  private readonly graph: CallGraph;

  constructor(trees: SourceTrees, types: ExpressionTypes, graph: CallGraph) {
    this.trees = trees;
    this.types = types;
    this.graph = graph;
  }

  /** The function whose name stands at a place (line and column from 1), or what the slot there can hold; empty elsewhere. */
  functionsAt(path: string, line: number, column: number): readonly FunctionPlace[] {
    const file = this.trees.open(path);
    const node = file?.root.descendantForIndex(file.offsetAt(line, column));
    if (file === undefined || node === null || node === undefined) return [];
    if (node.type === 'field_identifier') return this.slotOf(file, node)?.functions ?? [];
    if (node.type !== 'identifier' || this.types.local(node.text, node.startIndex, file) !== undefined) return [];
    return this.placesOf([{ name: node.text, from: path }]);
  }

  /** The slot at a place: in a call, a declaration or an initialiser; undefined elsewhere. */
  slotAt(path: string, line: number, column: number): SlotFunctions | undefined {
    const file = this.trees.open(path);
    const node = file?.root.descendantForIndex(file.offsetAt(line, column));
    if (file === undefined || node?.type !== 'field_identifier') return undefined;
    return this.slotOf(file, node);
  }

  /** Functions that a definition calls, in the order of the calls. */
  callees(place: FunctionPlace): readonly Neighbour[] {
    const file = this.trees.open(place.file);
    const f = file?.functions.find(({ name, line }) => name === place.name && line === place.line);
    if (file === undefined || f === undefined) return [];
    const { edges, homes } = this.graph.edgesOf(file, f);
    const places = this.placesOf(edges.map((edge) => ({ name: edge.callee, from: homes.get(edge) ?? edge.file })));
    return grouped(edges, ({ callee }) => places.find(({ name }) => name === callee));
  }

  /** Functions that call a definition, each with its calls. */
  callers(place: FunctionPlace): readonly Neighbour[] {
    const edges = this.graph.report(place.name, { callers: true, depth: 1 })?.edges ?? [];
    return grouped(edges, ({ caller, file, line }) => {
      const f = this.trees.open(file)?.functionAt(line);
      if (f?.name !== caller) return this.placesOf([{ name: caller, from: file }])[0];
      return { name: caller, file, line: f.line, column: f.column, endLine: f.endLine };
    });
  }

  private slotOf(file: SourceFile, node: Node): SlotFunctions | undefined {
    const struct = this.structOf(file, node);
    if (struct === undefined) return undefined;
    const { values } = this.graph.slots.values(struct, node.text, file.path);
    if (values.length === 0) return undefined;
    return {
      slot: `${struct}.${node.text}`,
      functions: this.placesOf(values.map((value) => ({ name: value.function, from: value.file }))),
    };
  }

  /** The struct whose member a name is: of `a->b(…)`, of `.b = f`, or of the declaration itself. */
  private structOf(file: SourceFile, node: Node): string | undefined {
    const { parent } = node;
    if (parent?.type === 'field_expression') {
      const owner = this.types.memberOf(parent, file);
      return owner?.member.isFunctionPointer === true ? owner.struct : undefined;
    }
    for (let above = parent; above !== null && above !== undefined; above = above.parent) {
      if (above.type === 'struct_specifier') return above.childForFieldName('name')?.text;
      if (above.type === 'declaration') {
        const type = above.childForFieldName('type');
        return type?.type === 'struct_specifier' ? type.childForFieldName('name')?.text : undefined;
      }
      if (above.type === 'function_definition') return undefined;
    }
    return undefined;
  }

  /** Definitions of names as seen from files, each once; names without one are left out. */
  private placesOf(names: readonly { readonly name: string; readonly from: string }[]): readonly FunctionPlace[] {
    const { functions } = this.graph;
    functions.prepare(names.filter(({ name, from }) => !functions.functionsIn(from).has(name)).map(({ name }) => name));
    const places = new Map<string, FunctionPlace>();
    for (const { name, from } of names) {
      const definition = functions.definition(name, from);
      if (definition === undefined || places.has(`${definition.path} ${name}`)) continue;
      const outline = this.trees.open(definition.path)?.functions.find((f) => f.name === name && f.line === definition.line);
      if (outline === undefined) continue;
      const { line, column, endLine } = outline;
      places.set(`${definition.path} ${name}`, { name, file: definition.path, line, column, endLine });
    }
    return [...places.values()];
  }
}

/** Edges by the function at their other end, in order of first appearance; edges without one are left out. */
function grouped(edges: readonly CallEdge[], other: (edge: CallEdge) => FunctionPlace | undefined): readonly Neighbour[] {
  const found = new Map<string, { function: FunctionPlace; calls: Neighbour['calls'][number][] }>();
  for (const edge of edges) {
    const place = other(edge);
    if (place === undefined) continue;
    const key = `${place.file}:${place.line}`;
    const entry = found.get(key) ?? { function: place, calls: [] };
    found.set(key, entry);
    entry.calls.push({ line: edge.line, kind: edge.kind, evidence: edge.evidence });
  }
  return [...found.values()];
}
