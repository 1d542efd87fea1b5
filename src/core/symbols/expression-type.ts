// The C type of an expression of the source view, as far as declarations in reach tell it.
import type { Node } from 'web-tree-sitter';
import type { SourceFile } from '../syntax/source-file.ts';
import { declaredName } from '../syntax/functions.ts';
import type { Declarations, Member } from './declarations.ts';
import { parseType, pointee, structName, type TypeRef } from './type-text.ts';

/** A declared variable: its type and the node of its initialiser. */
export interface Variable {
  readonly type: TypeRef | undefined;
  readonly text: string;
  readonly value: Node | undefined;
  readonly at: number;
  /** `int f(int);` inside a function. */
  readonly isPrototype: boolean;
}

const entryMacros =
  /^(container_of|container_of_const|container_of_safe|list_entry|list_first_entry|list_last_entry|list_first_entry_or_null|list_next_entry|hlist_entry|hlist_entry_safe|rb_entry|rb_entry_safe|llist_entry|list_entry_rcu|dm_per_bio_data)$/;
const transparent =
  /^(READ_ONCE|WRITE_ONCE|rcu_dereference\w*|rcu_access_pointer|smp_load_acquire|likely|unlikely|ACCESS_ONCE|xchg|cmpxchg|rcu_replace_pointer|ERR_CAST|no_free_ptr|this_cpu_ptr|per_cpu_ptr|raw_cpu_ptr|get_cpu_ptr|READ_ONCE_NOCHECK|data_race)$/;

/** Types of expressions in one tree; keeps variables per function. */
export class ExpressionTypes {
  readonly declarations: Declarations;
  private readonly locals = new WeakMap<SourceFile, Map<number, ReadonlyMap<string, readonly Variable[]>>>();
  private readonly globals = new WeakMap<SourceFile, ReadonlyMap<string, readonly Variable[]>>();

  constructor(declarations: Declarations) {
    this.declarations = declarations;
  }

  /** Type of an expression node; undefined when no declaration in reach tells. */
  typeOf(node: Node, file: SourceFile, depth = 0): TypeRef | undefined {
    if (depth > 12) return undefined;
    switch (node.type) {
      case 'identifier':
        return this.variable(node.text, node, file, depth);
      case 'parenthesized_expression': {
        const inner = node.namedChild(0);
        return inner === null ? undefined : this.typeOf(inner, file, depth + 1);
      }
      case 'comma_expression': {
        const last = node.childForFieldName('right');
        return last === null ? undefined : this.typeOf(last, file, depth + 1);
      }
      case 'pointer_expression': {
        const argument = node.childForFieldName('argument');
        const inner = argument === null ? undefined : this.typeOf(argument, file, depth + 1);
        if (inner === undefined) return undefined;
        if (node.childForFieldName('operator')?.text === '&') return { ...inner, pointers: inner.pointers + 1 };
        return inner.isFunction === true ? inner : pointee(inner);
      }
      case 'subscript_expression': {
        const argument = node.childForFieldName('argument');
        const inner = argument === null ? undefined : this.typeOf(argument, file, depth + 1);
        return inner === undefined ? undefined : pointee(inner);
      }
      case 'field_expression':
        return this.memberOf(node, file, depth)?.member.type;
      case 'cast_expression':
        return parseType(textOf(node.childForFieldName('type'), file));
      case 'call_expression':
        return this.callType(node, file, depth);
      case 'conditional_expression': {
        const branch = node.childForFieldName('consequence') ?? node.childForFieldName('alternative');
        return branch === null ? undefined : this.typeOf(branch, file, depth + 1);
      }
      case 'assignment_expression': {
        const left = node.childForFieldName('left');
        return left === null ? undefined : this.typeOf(left, file, depth + 1);
      }
      case 'compound_literal_expression':
        return parseType(textOf(node.childForFieldName('type'), file));
      default:
        return undefined;
    }
  }

  /** The struct and member that `a->b` or `a.b` names. */
  memberOf(node: Node, file: SourceFile, depth = 0): { struct: string; member: Member } | undefined {
    const argument = node.childForFieldName('argument');
    const field = node.childForFieldName('field');
    if (argument === null || field === null) return undefined;
    const outer = this.typeOf(argument, file, depth + 1);
    if (outer === undefined) return undefined;
    const resolved = this.resolveStruct(outer, file.path);
    if (resolved === undefined) return undefined;
    const member = this.declarations.struct(resolved, file.path)?.members.get(field.text);
    return member === undefined ? undefined : { struct: resolved, member };
  }

  /** Name of the struct behind typedefs and pointers. */
  resolveStruct(type: TypeRef, from: string): string | undefined {
    let t: TypeRef | undefined = type;
    for (let n = 0; n < 4 && t !== undefined; n++) {
      const name = structName(t);
      if (name !== undefined) return name;
      if (!/^\w+$/.test(t.base)) return undefined;
      t = this.declarations.typedef(t.base, from);
    }
    return undefined;
  }

  private callType(node: Node, file: SourceFile, depth: number): TypeRef | undefined {
    const callee = node.childForFieldName('function');
    const args = node.childForFieldName('arguments');
    if (callee === null || args === null) return undefined;
    if (callee.type === 'identifier') {
      const name = callee.text;
      if (entryMacros.test(name)) {
        const text = file.text.slice(args.startIndex + 1, args.endIndex - 1);
        const second = splitTop(text)[1];
        const type = second === undefined ? undefined : parseType(second);
        return type === undefined ? undefined : { ...type, pointers: type.pointers + 1 };
      }
      if (transparent.test(name)) {
        const first = args.namedChild(0);
        const inner = first === null ? undefined : this.typeOf(first, file, depth + 1);
        if (inner === undefined) return undefined;
        return /^(xchg|cmpxchg)$/.test(name) ? pointee(inner) : inner;
      }
      return this.declarations.prototype(name, file.path)?.returns;
    }
    return undefined;
  }

  private variable(name: string, node: Node, file: SourceFile, depth: number): TypeRef | undefined {
    const found = this.lookup(name, node.startIndex, file);
    if (found === undefined) return undefined;
    if (/\btypeof|__auto_type/.test(found.text) && found.value !== undefined) return this.typeOf(found.value, file, depth + 1);
    return found.type;
  }

  /** The declaration of a variable that is visible at an offset. */
  lookup(name: string, offset: number, file: SourceFile): Variable | undefined {
    const f = file.functionAt(file.lineAt(offset));
    if (f !== undefined) {
      const list = this.localsOf(file, f.nameOffset).get(name);
      if (list !== undefined) return list.filter((v) => v.at <= offset).at(-1) ?? list[0];
    }
    return this.globalsOf(file).get(name)?.[0] ?? this.external(name, file);
  }

  /** A parameter or local variable that is visible at an offset. */
  local(name: string, offset: number, file: SourceFile): Variable | undefined {
    const f = file.functionAt(file.lineAt(offset));
    const list = f === undefined ? undefined : this.localsOf(file, f.nameOffset).get(name);
    return list?.filter((v) => v.at <= offset).at(-1) ?? list?.[0];
  }

  /** A variable at file level of this file. */
  global(name: string, file: SourceFile): Variable | undefined {
    return this.globalsOf(file).get(name)?.[0];
  }

  private external(name: string, file: SourceFile): Variable | undefined {
    // A macro on every architecture.
    if (name === 'current')
      return { type: { base: 'struct task_struct', pointers: 1 }, text: '', value: undefined, at: 0, isPrototype: false };
    const found = this.declarations.variable(name, file.path);
    return found === undefined ? undefined : { type: found, text: '', value: undefined, at: 0, isPrototype: false };
  }

  private localsOf(file: SourceFile, start: number): ReadonlyMap<string, readonly Variable[]> {
    let perFile = this.locals.get(file);
    if (perFile === undefined) {
      perFile = new Map();
      this.locals.set(file, perFile);
    }
    let known = perFile.get(start);
    if (known === undefined) {
      const definition = definitionAt(file, start);
      known = definition === undefined ? new Map() : collect(definition.descendantsOfType(['declaration', 'parameter_declaration']), file);
      perFile.set(start, known);
    }
    return known;
  }

  private globalsOf(file: SourceFile): ReadonlyMap<string, readonly Variable[]> {
    let known = this.globals.get(file);
    if (known === undefined) {
      known = collect(
        file.root.namedChildren.filter((c) => c.type === 'declaration'),
        file,
      );
      this.globals.set(file, known);
    }
    return known;
  }
}

/** The function_definition node around an offset. */
export function definitionAt(file: SourceFile, offset: number): Node | undefined {
  let node: Node | null = file.root.descendantForIndex(offset);
  while (node !== null && node.type !== 'function_definition') node = node.parent;
  return node ?? undefined;
}

function textOf(node: Node | null, file: SourceFile): string {
  return node === null ? '' : file.text.slice(node.startIndex, node.endIndex);
}

function collect(nodes: readonly Node[], file: SourceFile): ReadonlyMap<string, readonly Variable[]> {
  const map = new Map<string, Variable[]>();
  for (const d of nodes) {
    const head = d.childForFieldName('declarator');
    if (head === null) continue;
    const typeText = file.text.slice(d.startIndex, head.startIndex);
    for (const declarator of d.childrenForFieldName('declarator')) {
      const core = declarator.type === 'init_declarator' ? declarator.childForFieldName('declarator') : declarator;
      if (core === null) continue;
      const name = declaredName(core);
      if (name === undefined) continue;
      const around = `${file.masked.slice(core.startIndex, name.startIndex)}${file.masked.slice(name.endIndex, core.endIndex)}`;
      const isFunction = /^\s*\(\s*\*/.test(around);
      const base = parseType(`${typeText} ${isFunction ? '' : around.replace(/\([\s\S]*$/, '')}`);
      const list = map.get(name.text) ?? [];
      list.push({
        type: base === undefined ? undefined : isFunction ? { ...base, isFunction: true } : base,
        text: typeText,
        value: declarator.type === 'init_declarator' ? (declarator.childForFieldName('value') ?? undefined) : undefined,
        at: name.startIndex,
        isPrototype: core.type === 'function_declarator' && !isFunction,
      });
      map.set(name.text, list);
    }
  }
  return map;
}

function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') depth--;
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts;
}
