// Discovery over a whole tree: ops tables, holder registrations, installs and dispatches. Only files that mention the words are parsed.
import type { Node } from 'web-tree-sitter';
import type { WordSearch } from '../source/word-search.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import type { SourceTrees } from '../syntax/trees.ts';
import type { ExpressionTypes } from './expression-type.ts';
import { enclosing, flat, isNull, lineOfNode, statementOf } from './nodes.ts';
import type { Dispatch, Install, OpsReport, OpsSlot, OpsTable, Registration } from './ops.ts';
import { daxRules, type DiscoveryRules } from './ops-types.ts';
import { macroTablesIn, tableMacrosIn } from './initialiser-macros.ts';
import { tablesIn, type MemberOrder, type RawTable } from './tables.ts';

/** What discovery works on. */
export interface Discovery {
  readonly trees: SourceTrees;
  readonly search: WordSearch;
  readonly types: ExpressionTypes;
  readonly rules?: DiscoveryRules;
  /** Files whose text is given besides those the search finds, for instance unsaved ones. */
}

interface Found {
  readonly registrations: Registration[];
  readonly installs: Install[];
  readonly dispatches: Dispatch[];
}

/** Everything about the ops of a tree. Deterministic; lists are sorted by file and line. */
export function discoverOps(input: Discovery): OpsReport {
  const rules = input.rules ?? daxRules;
  const structs = rules.types.map((t) => t.struct);
  let members = new Set(rules.types.flatMap((t) => t.members));
  let registrars = new Set(rules.registrars);
  const words = wordsFor(rules, members, registrars);
  let files = input.search.filesWith(words);
  const texts = new Map<string, string>();
  for (const f of files) {
    const text = input.trees.files.read(f);
    if (text !== undefined) texts.set(f, text);
  }
  const { orders, missing } = readStructs(rules, texts, input.types);
  const moreMembers = [...orders.values()].flat().filter((m) => !members.has(m));
  const moreRegistrars = findRegistrars(rules, texts).filter((r) => !registrars.has(r));
  if (moreMembers.length > 0 || moreRegistrars.length > 0) {
    members = new Set([...members, ...moreMembers]);
    registrars = new Set([...registrars, ...moreRegistrars]);
    const again = input.search.filesWith(wordsFor(rules, new Set(moreMembers), new Set(moreRegistrars)));
    files = [...new Set([...files, ...again])].sort();
  }
  const macros = [...new Set([...texts.values()].flatMap((text) => tableMacrosIn(text, structs)))];
  if (macros.length > 0) files = [...new Set([...files, ...input.search.filesWith(macros.map((name) => `${name}(`))])].sort();
  const raw: { file: SourceFile; table: RawTable }[] = [];
  const found: Found = { registrations: [], installs: [], dispatches: [] };
  const interesting = interestingPattern(structs, rules, members, new Set([...registrars, ...macros]));
  const opened: SourceFile[] = [];
  const tableNames = new Set<string>();
  for (const path of files) {
    const text = texts.get(path) ?? input.trees.files.read(path);
    if (text === undefined || !(interesting.test(text) || storesGeneric(text, rules))) continue;
    const file = input.trees.open(path);
    if (file === undefined) continue;
    opened.push(file);
    const hidden = macroTablesIn(file, macros, orders, input.types).map((table): RawTable => {
      return { ...table, slots: table.slots.map((slot) => ({ ...slot, line: table.line })), local: true };
    });
    for (const table of [...tablesIn(file, orders, input.types), ...hidden]) {
      if (table.slots.length === 0 && !table.local) continue;
      raw.push({ file, table });
      if (rules.types.find((t) => t.struct === table.struct)?.installs === true) tableNames.add(table.name.replace(/[[.].*$/, ''));
    }
  }
  for (const file of opened) {
    registrationsIn(file, registrars, found.registrations);
    installsIn(file, rules, tableNames, input.types, found.installs);
    dispatchesIn(file, orders, members, input.types, found.dispatches);
  }
  return {
    tables: sorted(resolveSlots(raw, input)),
    registrations: sorted(found.registrations),
    installs: sorted(found.installs),
    dispatches: sorted(found.dispatches),
    missing,
  };
}

function wordsFor(rules: DiscoveryRules, members: ReadonlySet<string>, registrars: ReadonlySet<string>): string[] {
  return [
    ...rules.types.map((t) => t.struct),
    ...rules.installs.map((i) => (i.member.includes('_') ? i.member : i.struct)),
    ...registrars,
    // Long names are rare enough alone; searching for `->name` and `.name(` apart costs more than reading a few files too many.
    ...[...members].flatMap((m) => (m.length >= 12 ? [m] : [`->${m}`, `s.${m}(`])),
  ];
}

function interestingPattern(
  structs: readonly string[],
  rules: DiscoveryRules,
  members: ReadonlySet<string>,
  registrars: ReadonlySet<string>,
): RegExp {
  const install = rules.installs.filter((i) => i.member.includes('_')).map((i) => i.member);
  return new RegExp(
    `\\bstruct\\s+(?:${structs.join('|')})\\b\\s*[^\\s;*{]|\\b(?:${[...registrars].join('|')})\\s*\\(|\\b(?:${install.join('|')})\\b|(?:->|\\.)\\s*(?:${[...members].join('|')})\\s*[()=;,]|\\(\\s*struct\\s+(?:${structs.join('|')})\\b`,
  );
}

/** A store to a member with a common name, in a file that knows the struct. */
function storesGeneric(text: string, rules: DiscoveryRules): boolean {
  return rules.installs.some(
    (i) => !i.member.includes('_') && text.includes(`struct ${i.struct}`) && new RegExp(`(?:->|\\.)\\s*${i.member}\\s*=[^=]`).test(text),
  );
}

/** Member order of the ops structs as the tree's headers define them. */
function readStructs(
  rules: DiscoveryRules,
  texts: ReadonlyMap<string, string>,
  types: ExpressionTypes,
): { orders: MemberOrder; missing: string[] } {
  const orders = new Map<string, readonly string[]>();
  const missing: string[] = [];
  for (const { struct, members } of rules.types) {
    const pattern = new RegExp(`\\bstruct\\s+${struct}\\s*\\{`);
    const home = [...texts.keys()]
      .filter((f) => pattern.test(texts.get(f)!))
      .sort((a, b) => Number(b.startsWith('include/linux/')) - Number(a.startsWith('include/linux/')) || (a < b ? -1 : 1))[0];
    const info = home === undefined ? undefined : types.declarations.struct(struct, home);
    if (info === undefined) missing.push(`struct ${struct} is not defined in this tree`);
    const pointers = info === undefined ? undefined : [...info.members.values()].filter((m) => m.isFunctionPointer).map((m) => m.name);
    orders.set(struct, info === undefined ? members : [...info.members.values()].map((m) => m.name));
    if (pointers !== undefined && pointers.length === 0) missing.push(`struct ${struct} has no function pointers`);
  }
  return { orders, missing };
}

/** Functions that take a pointer to holder operations. */
function findRegistrars(rules: DiscoveryRules, texts: ReadonlyMap<string, string>): string[] {
  const names = new Set<string>();
  const pattern = new RegExp(`\\b(\\w+)\\s*\\(([^;{}()]*\\bstruct\\s+${rules.registrarParameter}\\s*\\*[^;{}()]*)\\)\\s*[;{]`, 'g');
  for (const text of texts.values()) {
    if (!text.includes(rules.registrarParameter)) continue;
    for (const m of text.matchAll(pattern)) names.add(m[1]!);
  }
  return [...names].sort();
}

function registrationsIn(file: SourceFile, registrars: ReadonlySet<string>, into: Registration[]): void {
  for (const found of file.find('calls', new RegExp(`\\b(?:${[...registrars].join('|')})\\s*\\(`, 'g'))) {
    const [callee, args] = [found.get('callee'), found.get('arguments')];
    if (callee === undefined || args === undefined || !registrars.has(callee.text)) continue;
    const line = lineOfNode(callee);
    into.push({
      file: file.path,
      line,
      function: file.functionAt(line)?.name ?? '',
      callee: callee.text,
      args: flat(file, args.startIndex + 1, args.endIndex - 1),
      conditions: file.conditionsAt(line),
    });
  }
}

function installsIn(
  file: SourceFile,
  rules: DiscoveryRules,
  tableNames: ReadonlySet<string>,
  types: ExpressionTypes,
  into: Install[],
): void {
  const seen = new Set<number>();
  const add = (node: Node, struct: string, member: string): void => {
    const line = lineOfNode(node);
    const statement = statementOf(node);
    if (seen.has(node.startIndex)) return;
    seen.add(node.startIndex);
    const simple = statement.type === 'expression_statement' || statement.type === 'declaration' || statement.type === 'return_statement';
    const text = simple ? flat(file, statement.startIndex, statement.endIndex) : file.lineText(line).trim();
    into.push({
      file: file.path,
      line,
      function: file.functionAt(line)?.name ?? '',
      text,
      struct,
      member,
      conditions: file.conditionsAt(line),
    });
  };
  const members = [...new Set(rules.installs.map((i) => i.member))];
  for (const m of file.text.matchAll(new RegExp(`(?:->|\\.)\\s*(${members.join('|')})\\b`, 'g'))) {
    const at = m.index + m[0].length - 1;
    const field = enclosing(
      file.root.descendantForIndex(at),
      ['field_expression', 'initializer_pair'],
      ['compound_statement', 'initializer_list'],
    );
    if (field === undefined || (field.type === 'field_expression' && field.childForFieldName('field')?.endIndex !== at + 1)) continue;
    const owner = ownerStruct(field, file, types);
    const rule = rules.installs.find((i) => i.member === m[1] && (owner === i.struct || (owner === undefined && i.member.includes('_'))));
    if (rule === undefined) continue;
    if (field.type === 'initializer_pair') {
      if (!isNull(field.childForFieldName('value'))) add(field, rule.struct, rule.member);
    } else if (isStore(field)) add(field, rule.struct, rule.member);
  }
  if (tableNames.size === 0) return;
  // The address of a table on its way to a holder or pagemap.
  for (const m of file.text.matchAll(new RegExp(`=\\s*(?:\\([^()]*\\)\\s*)?&\\s*(${[...tableNames].map(escape).join('|')})\\b`, 'g'))) {
    const at = m.index + m[0].length - 1;
    const assignment = enclosing(
      file.root.descendantForIndex(at),
      ['assignment_expression', 'init_declarator', 'initializer_pair'],
      ['compound_statement', 'argument_list'],
    );
    if (assignment === undefined) continue;
    const left =
      assignment.childForFieldName('left') ?? assignment.childForFieldName('declarator') ?? assignment.childForFieldName('designator');
    if (left === null) continue;
    if (left.type === 'field_expression') {
      const owner = left.childForFieldName('argument');
      const field = left.childForFieldName('field')?.text ?? '';
      const type = owner === null ? undefined : types.typeOf(owner, file);
      add(left, (type === undefined ? undefined : types.resolveStruct(type, file.path)) ?? '', field);
    } else add(left, '', left.text);
  }
}

const escape = (s: string): string => s.replace(/[^\w]/g, '\\$&');

function ownerStruct(field: Node, file: SourceFile, types: ExpressionTypes): string | undefined {
  if (field.type === 'field_expression') {
    const argument = field.childForFieldName('argument');
    const type = argument === null ? undefined : types.typeOf(argument, file);
    return type === undefined ? undefined : (types.resolveStruct(type, file.path) ?? type.base);
  }
  const list = field.parent;
  const owner = list?.parent;
  if (owner?.type === 'compound_literal_expression') return /struct\s+(\w+)/.exec(owner.childForFieldName('type')?.text ?? '')?.[1] ?? '';
  const declaration = owner?.type === 'init_declarator' ? owner.parent : null;
  return /struct\s+(\w+)/.exec(declaration?.childForFieldName('type')?.text ?? '')?.[1] ?? '';
}

const storeCalls =
  /^(cmpxchg\w*|xchg\w*|WRITE_ONCE|smp_store_release|rcu_assign_pointer|RCU_INIT_POINTER|try_cmpxchg\w*|arch_cmpxchg\w*|store_release)$/;

/** True when a field expression is assigned to, or its address goes to an atomic store. */
function isStore(field: Node): boolean {
  let node: Node = field;
  let parent = field.parent;
  while (
    parent?.type === 'parenthesized_expression' ||
    (parent?.type === 'pointer_expression' && parent.childForFieldName('operator')?.text === '&')
  ) {
    node = parent;
    parent = parent.parent;
  }
  if (parent?.type === 'assignment_expression') return parent.childForFieldName('left')?.startIndex === node.startIndex;
  if (parent?.type === 'argument_list') {
    const callee = parent.parent?.childForFieldName('function');
    return callee !== null && callee !== undefined && storeCalls.test(callee.text) && parent.namedChild(0)?.startIndex === node.startIndex;
  }
  return false;
}

function dispatchesIn(file: SourceFile, orders: MemberOrder, members: ReadonlySet<string>, types: ExpressionTypes, into: Dispatch[]): void {
  const add = (at: Node, struct: string, member: string, call: Node): void => {
    const line = lineOfNode(at);
    const statement = statementOf(call);
    const text = /^(expression_statement|declaration|return_statement)$/.test(statement.type)
      ? flat(file, statement.startIndex, statement.endIndex)
      : flat(file, call.startIndex, call.endIndex);
    into.push({
      file: file.path,
      line,
      function: file.functionAt(line)?.name ?? '',
      struct,
      member,
      text,
      conditions: file.conditionsAt(line),
    });
  };
  for (const m of file.text.matchAll(new RegExp(`(?:->|\\.)\\s*(${[...members].join('|')})\\b`, 'g'))) {
    const at = m.index + m[0].length - 1;
    const node = file.root.descendantForIndex(at);
    const field = node?.parent;
    if (node?.type !== 'field_identifier' || field?.type !== 'field_expression') continue;
    const owner = types.memberOf(field, file);
    const struct = owner?.struct ?? guess(field, m[1]!, orders);
    if (struct === undefined || !orders.has(struct)) continue;
    let callee: Node = field;
    while (callee.parent !== null && (callee.parent.type === 'parenthesized_expression' || callee.parent.type === 'pointer_expression'))
      callee = callee.parent;
    const call = callee.parent;
    if (call?.type === 'call_expression' && call.childForFieldName('function')?.startIndex === callee.startIndex)
      add(node, struct, m[1]!, call);
    else for (const later of callsOfCopy(field)) add(later, struct, m[1]!, later);
  }
}

/** Without a declaration in reach, the way the table is named decides: `pgmap->ops->memory_failure`. */
function guess(field: Node, member: string, orders: MemberOrder): string | undefined {
  const owner = field.childForFieldName('argument')?.text ?? '';
  if (!/(pgmap|pagemap|dax_dev|holder_ops|dax_device)/.test(owner) && member !== 'notify_failure') return undefined;
  return [...orders].find(([, list]) => list.includes(member))?.[0];
}

/** `fn = ops->slot; … fn(x)`: the calls of the copy. */
function callsOfCopy(field: Node): Node[] {
  let value: Node = field;
  let parent = field.parent;
  while (
    parent !== null &&
    (parent.type === 'parenthesized_expression' ||
      (parent.type === 'argument_list' && /^(READ_ONCE|rcu_dereference|smp_load_acquire)/.test(parent.parent?.text ?? '')) ||
      (parent.type === 'call_expression' &&
        parent.childForFieldName('function')?.text !== value.text &&
        /^(READ_ONCE|rcu_dereference|smp_load_acquire)/.test(parent.text)))
  ) {
    value = parent;
    parent = parent.parent;
  }
  let name: string | undefined;
  if (parent?.type === 'assignment_expression' && parent.childForFieldName('right')?.startIndex === value.startIndex)
    name = parent.childForFieldName('left')?.text;
  else if (parent?.type === 'init_declarator') name = /(\w+)\s*\)?\s*(\(|$)/.exec(parent.childForFieldName('declarator')?.text ?? '')?.[1];
  if (name === undefined || !/^\w+$/.test(name)) return [];
  const body = enclosing(field, ['function_definition']);
  return (body?.descendantsOfType('call_expression') ?? []).filter((c) => {
    const callee = c.childForFieldName('function')?.text.replace(/[()*\s]/g, '');
    return callee === name && c.startIndex > field.startIndex;
  });
}

/** Places of the functions that slots name: same file first, then one search for all that are left. */
function resolveSlots(raw: readonly { file: SourceFile; table: RawTable }[], input: Discovery): OpsTable[] {
  const elsewhere = new Set<string>();
  for (const { file, table } of raw)
    for (const s of table.slots) if (!file.functions.some((f) => f.name === s.function)) elsewhere.add(s.function);
  const places = new Map<string, { file: string; line: number }>();
  if (elsewhere.size > 0) {
    const names = [...elsewhere];
    for (const path of input.search.filesWith(names.map((n) => `${n}(`))) {
      const text = input.trees.files.read(path) ?? '';
      if (!names.some((n) => new RegExp(`^[A-Za-z_][^;{}=()]*\\b${n}\\(`, 'm').test(text) || new RegExp(`^${n}\\(`, 'm').test(text)))
        continue;
      for (const f of input.trees.open(path)?.functions ?? [])
        if (elsewhere.has(f.name) && !places.has(f.name)) places.set(f.name, { file: path, line: f.line });
    }
  }
  return raw.map(({ file, table }) => {
    const conditions = file.conditionsAt(table.line);
    const slots = table.slots.map((s): OpsSlot => {
      const own = file.functions.find((f) => f.name === s.function);
      const place = own === undefined ? places.get(s.function) : { file: file.path, line: own.line };
      return {
        member: s.member,
        function: s.function,
        file: place?.file ?? file.path,
        line: place?.line ?? s.line,
        slotFile: file.path,
        slotLine: s.line,
        conditions: file.conditionsAt(s.line).slice(conditions.length),
      };
    });
    return { struct: table.struct, name: table.name, file: file.path, line: table.line, slots, conditions };
  });
}

function sorted<R extends { readonly file: string; readonly line: number }>(list: readonly R[]): R[] {
  return [...list].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
}
