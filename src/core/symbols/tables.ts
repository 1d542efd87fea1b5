// Finds initialised objects of ops structs in one file, in every shape C allows.
import type { Node } from 'web-tree-sitter';
import { declaredName } from '../syntax/functions.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import type { ExpressionTypes } from './expression-type.ts';
import { bareIdentifier, enclosing, isNull, lineOfNode } from './nodes.ts';

/** A slot as written: where it stands and which function it names. */
export interface RawSlot {
  readonly member: string;
  readonly function: string;
  readonly line: number;
}

/** A table as written in one file. */
export interface RawTable {
  readonly struct: string;
  readonly name: string;
  readonly line: number;
  readonly slots: RawSlot[];
  /** Static tables and those inside functions; their functions are looked up in this file first. */
  readonly local: boolean;
}

/** What table discovery needs to know about a struct: the order of its members. */
export type MemberOrder = ReadonlyMap<string, readonly string[]>;

const compounds = [
  'declaration',
  'compound_literal_expression',
  'type_descriptor',
  'parameter_declaration',
  'field_declaration',
  'function_definition',
];

/** Tables of the structs in `orders` in a file. */
export function tablesIn(file: SourceFile, orders: MemberOrder, types: ExpressionTypes): RawTable[] {
  const names = [...orders.keys()];
  const tables: RawTable[] = [];
  const seen = new Set<number>();
  for (const m of file.text.matchAll(new RegExp(`\\bstruct\\s+(${names.join('|')})\\b`, 'g'))) {
    const struct = m[1]!;
    const at = m.index + m[0].length - 1;
    const node = enclosing(file.root.descendantForIndex(at), compounds);
    if (node === undefined || seen.has(node.startIndex)) continue;
    if (
      node.type === 'declaration' &&
      node.childForFieldName('type')?.type === 'struct_specifier' &&
      node.childForFieldName('type')!.endIndex >= at
    ) {
      seen.add(node.startIndex);
      declaredTables(node, struct, orders, tables);
    } else if (node.type === 'type_descriptor' && node.parent?.type === 'compound_literal_expression') {
      const literal = node.parent;
      seen.add(node.startIndex);
      const list = literal.childForFieldName('value');
      if (list !== null) {
        const owner = enclosing(literal, ['init_declarator', 'assignment_expression']);
        const target = owner?.type === 'init_declarator' ? owner.childForFieldName('declarator') : owner?.childForFieldName('left');
        const name = target === null || target === undefined ? '(compound literal)' : (declaredName(target)?.text ?? target.text);
        const elements = list.namedChildren;
        const nested =
          elements.length > 0 &&
          elements.every(
            (e) =>
              e.type === 'initializer_list' || (e.type === 'initializer_pair' && e.childForFieldName('value')?.type === 'initializer_list'),
          );
        const lists = nested ? elements.map((e) => (e.type === 'initializer_pair' ? e.childForFieldName('value')! : e)) : [list];
        lists.forEach((l, k) =>
          tables.push({
            struct,
            name: nested ? `${name}[${k}]` : name,
            line: lineOfNode(literal),
            slots: slotsOf(l, struct, orders),
            local: true,
          }),
        );
      }
    }
  }
  nestedTables(file, orders, types, tables);
  assignedTables(file, orders, types, tables);
  return tables.sort((a, b) => a.line - b.line);
}

function declaredTables(declaration: Node, struct: string, orders: MemberOrder, tables: RawTable[]): void {
  for (const d of declaration.childrenForFieldName('declarator')) {
    if (d.type !== 'init_declarator') continue;
    const target = d.childForFieldName('declarator');
    const value = d.childForFieldName('value');
    const name = target === null ? undefined : declaredName(target);
    if (target === null || value?.type !== 'initializer_list' || name === undefined) continue;
    if (target.type === 'array_declarator')
      arrayTables(value, struct, name, orders, tables, target.childForFieldName('declarator')?.type === 'array_declarator');
    else if (target.type !== 'pointer_declarator' && target.type !== 'function_declarator') {
      tables.push({ struct, name: name.text, line: lineOfNode(name), slots: slotsOf(value, struct, orders), local: true });
    }
  }
}

function arrayTables(list: Node, struct: string, name: Node, orders: MemberOrder, tables: RawTable[], nested: boolean): void {
  let index = 0;
  for (const e of list.namedChildren) {
    const pair = e.type === 'initializer_pair';
    const value = pair ? e.childForFieldName('value') : e;
    const designator = pair ? e.childForFieldName('designator')?.text.replace(/^\[\s*|\s*\]$/g, '') : undefined;
    if (value?.type === 'initializer_list') {
      if (nested) arrayTables(value, struct, name, orders, tables, false);
      else
        tables.push({
          struct,
          name: `${name.text}[${designator ?? String(index)}]`,
          line: lineOfNode(value),
          slots: slotsOf(value, struct, orders),
          local: true,
        });
    }
    index++;
  }
}

/** Slots of one brace list: designated, positional, or both mixed. */
function slotsOf(list: Node, struct: string, orders: MemberOrder): RawSlot[] {
  const order = orders.get(struct) ?? [];
  const slots: RawSlot[] = [];
  let position = 0;
  for (const e of list.namedChildren) {
    let member: string | undefined;
    let value: Node | null = e;
    if (e.type === 'initializer_pair') {
      const field = e.childForFieldName('designator');
      member = field?.type === 'field_designator' ? field.namedChild(0)?.text : undefined;
      value = e.childForFieldName('value');
      if (member !== undefined) position = order.indexOf(member);
    } else if (e.type === 'comment') continue;
    else member = order[position];
    position++;
    // a brace around a scalar is allowed
    while (value?.type === 'initializer_list') value = value.namedChild(0);
    if (member === undefined || isNull(value)) continue;
    const name = bareIdentifier(value);
    if (name === undefined || name.text === 'NULL') continue;
    slots.push({ member, function: name.text, line: lineOfNode(e) });
  }
  return slots;
}

/** Ops structs embedded in initialised objects of other structs: `.ops = { .slot = f }`. */
function nestedTables(file: SourceFile, orders: MemberOrder, types: ExpressionTypes, tables: RawTable[]): void {
  const members = new Set([...orders.values()].flat());
  const pattern = new RegExp(`\\.\\s*(${[...members].join('|')})\\s*=`, 'g');
  const done = new Set<number>();
  for (const m of file.text.matchAll(pattern)) {
    const pair = enclosing(file.root.descendantForIndex(m.index + 1), ['initializer_pair'], ['initializer_list']);
    const list = pair?.parent;
    if (list?.type !== 'initializer_list' || done.has(list.startIndex)) continue;
    done.add(list.startIndex);
    const outer = list.parent;
    if (outer?.type !== 'initializer_pair') continue;
    const path: string[] = [];
    let node: Node | null = outer;
    while (node !== null && (node.type === 'initializer_pair' || node.type === 'initializer_list')) {
      if (node.type === 'initializer_pair') {
        const d: Node | null = node.childForFieldName('designator');
        if (d?.type === 'field_designator') path.unshift(d.namedChild(0)?.text ?? '');
      }
      node = node.parent;
    }
    const owner = enclosing(node, ['declaration', 'compound_literal_expression']);
    const ownerType = owner?.childForFieldName('type');
    if (owner === undefined || ownerType === null || ownerType === undefined) continue;
    let struct = /struct\s+(\w+)/.exec(ownerType.text)?.[1];
    for (const step of path) {
      const type = struct === undefined ? undefined : types.declarations.struct(struct, file.path)?.members.get(step)?.type;
      struct = type === undefined || type.pointers > 1 ? undefined : types.resolveStruct(type, file.path);
    }
    if (struct === undefined || !orders.has(struct)) continue;
    const declarator = owner.childForFieldName('declarator');
    const name = declarator === null ? undefined : declaredName(declarator.childForFieldName('declarator') ?? declarator);
    tables.push({
      struct,
      name: `${name?.text ?? '(compound literal)'}.${path.join('.')}`,
      line: lineOfNode(outer),
      slots: slotsOf(list, struct, orders),
      local: true,
    });
  }
}

/** Slots stored at run time: `x->ops.slot = f`, `ops.slot = f`. */
function assignedTables(file: SourceFile, orders: MemberOrder, types: ExpressionTypes, tables: RawTable[]): void {
  const members = new Set([...orders.values()].flat());
  for (const m of file.text.matchAll(new RegExp(`(?:->|\\.)\\s*(${[...members].join('|')})\\s*=[^=]`, 'g'))) {
    const at = m.index + m[0].indexOf(m[1]!);
    const field = enclosing(file.root.descendantForIndex(at), ['field_expression'], ['initializer_list', 'compound_statement']);
    const assignment = field?.parent;
    if (
      field === undefined ||
      assignment?.type !== 'assignment_expression' ||
      assignment.childForFieldName('left')?.startIndex !== field.startIndex
    )
      continue;
    const argument = field.childForFieldName('argument');
    const type = argument === null ? undefined : types.typeOf(argument, file);
    const struct = type === undefined ? undefined : types.resolveStruct(type, file.path);
    if (argument === null || struct === undefined || !orders.has(struct)) continue;
    const value = assignment.childForFieldName('right');
    const name = bareIdentifier(value);
    if (name === undefined || isNull(value) || name.text === 'NULL') continue;
    if (isVariable(name, file, types)) continue;
    const owner = argument.text;
    const slot = { member: m[1]!, function: name.text, line: lineOfNode(field) };
    const f = file.functionAt(slot.line);
    const variable = types.lookup(owner, argument.startIndex, file);
    const known = tables.find((t) => t.struct === struct && t.name === owner);
    if (known !== undefined) known.slots.push(slot);
    else
      tables.push({
        struct,
        name: owner,
        line: variable !== undefined && variable.at > 0 ? file.lineAt(variable.at) : f === undefined ? slot.line : slot.line,
        slots: [slot],
        local: true,
      });
  }
}

/** A parameter or variable that is copied is no function of its own. */
function isVariable(name: Node, file: SourceFile, types: ExpressionTypes): boolean {
  const v = types.lookup(name.text, name.startIndex, file);
  return v !== undefined && !file.functions.some((f) => f.name === name.text);
}
