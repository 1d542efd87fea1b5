// Finds initialised objects of ops structs in one file, in every shape C allows.
import type { Node } from 'web-tree-sitter';
import { declaredName } from '../syntax/functions.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import type { ExpressionTypes } from './expression-type.ts';
import { bracesIn, expandUse, slotsInText } from './initialiser-macros.ts';
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

/** Tables of the structs in `orders` in a file. */
export function tablesIn(file: SourceFile, orders: MemberOrder, types: ExpressionTypes): RawTable[] {
  const tables: RawTable[] = [];
  const expand = expander(file, types);
  writtenTables(file, orders, expand, tables);
  const members = new Set([...orders.values()].flat());
  embeddedTables(file, orders, members, types, expand, tables);
  assignedTables(file, orders, members, types, tables);
  return tables.sort((a, b) => a.line - b.line);
}

/** Text that a macro in an initialiser stands for; undefined for anything else. */
type Expand = (item: Node) => string | undefined;

/** Reads the macros that a file can see. */
function expander(file: SourceFile, types: ExpressionTypes): Expand {
  return (item) => {
    if (item.type === 'identifier') return expandUse(item.text, undefined, file.path, types);
    const callee = item.type === 'call_expression' ? item.childForFieldName('function') : undefined;
    if (callee?.type !== 'identifier') return undefined;
    const args = item.childForFieldName('arguments')?.namedChildren.map((arg) => arg.text);
    return expandUse(callee.text, args, file.path, types);
  };
}

const oneOf = (words: Iterable<string>): string => `(?:${[...words].join('|')})`;

/** Objects and compound literals of the structs (grammars/ops-tables.scm). */
function writtenTables(file: SourceFile, orders: MemberOrder, expand: Expand, tables: RawTable[]): void {
  for (const found of file.find('ops-tables', new RegExp(`\\bstruct\\s+${oneOf(orders.keys())}\\b`, 'g'))) {
    const struct = found.get('struct')?.text;
    const list = found.get('slots');
    if (struct === undefined || list === undefined || !orders.has(struct)) continue;
    const [declarator, literal] = [found.get('declarator'), found.get('literal')];
    if (literal !== undefined) literalTables(literal, list, struct, orders, expand, tables);
    const name = declarator === undefined ? undefined : declaredName(declarator);
    // A pointer or a function of that type has no slots of its own.
    if (declarator === undefined || name === undefined || /^(pointer|function)_declarator$/.test(declarator.type)) continue;
    if (declarator.type === 'array_declarator')
      arrayTables(list, struct, name, orders, expand, tables, declarator.childForFieldName('declarator')?.type === 'array_declarator');
    else tables.push({ struct, name: name.text, line: lineOfNode(name), slots: slotsOf(list, struct, orders, expand), local: true });
  }
}

/** A compound literal is named after what it is stored in; one of an array has a table for each element. */
function literalTables(literal: Node, list: Node, struct: string, orders: MemberOrder, expand: Expand, tables: RawTable[]): void {
  const owner = enclosing(literal, ['init_declarator', 'assignment_expression']);
  const target = owner?.childForFieldName(owner.type === 'init_declarator' ? 'declarator' : 'left') ?? undefined;
  const name = target === undefined ? '(compound literal)' : (declaredName(target)?.text ?? target.text);
  const elements = list.namedChildren.map((e) => (e.type === 'initializer_pair' ? e.childForFieldName('value') : e));
  const lists = elements.filter((e): e is Node => e?.type === 'initializer_list');
  const nested = lists.length > 0 && lists.length === elements.length;
  (nested ? lists : [list]).forEach((l, k) =>
    tables.push({
      struct,
      name: nested ? `${name}[${k}]` : name,
      line: lineOfNode(literal),
      slots: slotsOf(l, struct, orders, expand),
      local: true,
    }),
  );
}

function arrayTables(
  list: Node,
  struct: string,
  name: Node,
  orders: MemberOrder,
  expand: Expand,
  tables: RawTable[],
  nested: boolean,
): void {
  let index = 0;
  for (const e of list.namedChildren) {
    const pair = e.type === 'initializer_pair';
    const value = pair ? e.childForFieldName('value') : e;
    const designator = pair ? e.childForFieldName('designator')?.text.replace(/^\[\s*|\s*\]$/g, '') : undefined;
    if (value?.type === 'initializer_list') {
      if (nested) arrayTables(value, struct, name, orders, expand, tables, false);
      else
        tables.push({
          struct,
          name: `${name.text}[${designator ?? String(index)}]`,
          line: lineOfNode(value),
          slots: slotsOf(value, struct, orders, expand),
          local: true,
        });
    } else if (value !== null && value !== undefined) {
      const text = expand(value);
      const element = text === undefined ? undefined : bracesIn(text);
      const members = orders.get(struct) ?? [];
      const written = /\[\s*([^\]]*?)\s*\]/.exec(element?.before ?? '')?.[1] ?? designator ?? String(index);
      const line = lineOfNode(value);
      if (element !== undefined)
        tables.push({
          struct,
          name: `${name.text}[${written}]`,
          line,
          slots: slotsInText(element.inside, members).map((slot) => ({ ...slot, line })),
          local: true,
        });
    }
    index++;
  }
}

/** Slots of one brace list: designated, positional, or both mixed. */
function slotsOf(list: Node, struct: string, orders: MemberOrder, expand: Expand): RawSlot[] {
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
    else {
      const text = /^(?:call_expression|identifier)$/.test(e.type) ? expand(e) : undefined;
      if (text !== undefined && /^\s*\./.test(text)) {
        const line = lineOfNode(e);
        const hidden = slotsInText(text, order).map((slot) => ({ ...slot, line }));
        slots.push(...hidden);
        position = Math.max(position, ...hidden.map((slot) => order.indexOf(slot.member) + 1));
        continue;
      }
      member = order[position];
    }
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

/** Ops structs inside initialised objects of other structs: `.ops = { .slot = f }` (grammars/embedded-tables.scm). */
function embeddedTables(
  file: SourceFile,
  orders: MemberOrder,
  members: ReadonlySet<string>,
  types: ExpressionTypes,
  expand: Expand,
  tables: RawTable[],
): void {
  const done = new Set<number>();
  for (const found of file.find('embedded-tables', new RegExp(`\\.\\s*${oneOf(members)}\\s*=`, 'g'))) {
    const [outer, list] = [found.get('embedded'), found.get('slots')];
    if (outer === undefined || list === undefined || !members.has(found.get('member')?.text ?? '') || done.has(list.startIndex)) continue;
    done.add(list.startIndex);
    const path: string[] = [];
    let node: Node | null = outer;
    while (node !== null && (node.type === 'initializer_pair' || node.type === 'initializer_list')) {
      if (node.type === 'initializer_pair') {
        const d: Node | null = node.childForFieldName('designator');
        if (d?.type === 'field_designator') path.unshift(d.namedChild(0)?.text ?? '');
      }
      node = node.parent;
    }
    // Elements of an array of tables are no members of anything.
    if (path.length === 0) continue;
    const owner = enclosing(node, ['declaration', 'compound_literal_expression']);
    const ownerType = owner?.childForFieldName('type');
    if (owner === undefined || ownerType === null || ownerType === undefined) continue;
    const anonymous = ownerType.type === 'struct_specifier' && ownerType.childForFieldName('name') === null;
    let struct = anonymous ? memberOfAnonymous(ownerType, path[0] ?? '') : /struct\s+(\w+)/.exec(ownerType.text)?.[1];
    for (const step of anonymous ? path.slice(1) : path) {
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
      slots: slotsOf(list, struct, orders, expand),
      local: true,
    });
  }
}

/** Struct of a member of a struct without a name, as its body declares it. */
function memberOfAnonymous(specifier: Node, member: string): string | undefined {
  for (const field of specifier.childForFieldName('body')?.namedChildren ?? []) {
    const declarator = field.childForFieldName('declarator');
    if (declarator === null || declaredName(declarator)?.text !== member) continue;
    return /struct\s+(\w+)/.exec(field.childForFieldName('type')?.text ?? '')?.[1];
  }
  return undefined;
}

/** Slots stored at run time: `x->ops.slot = f`, `ops.slot = f` (grammars/stores.scm). */
function assignedTables(
  file: SourceFile,
  orders: MemberOrder,
  members: ReadonlySet<string>,
  types: ExpressionTypes,
  tables: RawTable[],
): void {
  for (const found of file.find('stores', new RegExp(`(?:->|\\.)\\s*${oneOf(members)}\\s*=[^=]`, 'g'))) {
    const [argument, member, field, value] = ['owner', 'member', 'target', 'value'].map((name) => found.get(name));
    if (argument === undefined || member === undefined || field === undefined || value === undefined || !members.has(member.text)) continue;
    const type = types.typeOf(argument, file);
    const struct = type === undefined ? undefined : types.resolveStruct(type, file.path);
    if (struct === undefined || !orders.has(struct)) continue;
    const name = bareIdentifier(value);
    if (name === undefined || isNull(value) || name.text === 'NULL') continue;
    if (isVariable(name, file, types)) continue;
    const owner = argument.text;
    const slot = { member: member.text, function: name.text, line: lineOfNode(field) };
    const variable = types.lookup(owner, argument.startIndex, file);
    const known = tables.find((t) => t.struct === struct && t.name === owner);
    if (known !== undefined) known.slots.push(slot);
    else
      tables.push({
        struct,
        name: owner,
        line: variable !== undefined && variable.at > 0 ? file.lineAt(variable.at) : slot.line,
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
