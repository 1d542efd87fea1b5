// Infers units inside one function from its text: forwards through expressions, backwards from how a variable is used.
import type { UnitName } from '../../base/unit-name.ts';
import type { Node } from 'web-tree-sitter';
import { definitionAt, type ExpressionTypes } from '../symbols/expression-type.ts';
import { flat, lineOfNode } from '../symbols/nodes.ts';
import { parseType, type TypeRef } from '../symbols/type-text.ts';
import type { FunctionOutline, SourceFile } from '../syntax/source-file.ts';
import { UseRules } from './infer-uses.ts';
import { combine, conflict, shiftLeft, shiftRight, unitText } from './unit-algebra.ts';
import { shiftKind, type ForwardUnits, type Neighbours, type UnitFact } from './unit-facts.ts';
import {
  constantUnits,
  conversions,
  memberUnits,
  nameUnits,
  pageConversion,
  pageSize,
  sameUnit,
  sectorSize,
  typeUnits,
} from './unit-seeds.ts';

const maximumDepth = 8;

/** Unit inference over one function. */
export class UnitInference implements ForwardUnits {
  readonly file: SourceFile;
  readonly f: FunctionOutline;
  readonly types: ExpressionTypes;
  private readonly backward: UseRules;
  private readonly neighbours: Neighbours;
  private readonly body: Node | undefined;
  private readonly variables = new Map<string, UnitFact | undefined>();
  private uses: ReadonlyMap<string, readonly Node[]> | undefined;

  constructor(file: SourceFile, f: FunctionOutline, types: ExpressionTypes, neighbours: Neighbours) {
    this.file = file;
    this.f = f;
    this.types = types;
    this.neighbours = neighbours;
    this.backward = new UseRules(this);
    this.body = definitionAt(file, f.nameOffset);
  }

  /** All facts about a parameter or local variable, strongest first. */
  facts(name: string): UnitFact[] {
    const found: UnitFact[] = [];
    const type = this.declaredType(name);
    const at = this.f.parameters.find((p) => p.name === name)?.line ?? this.f.line;
    const byType = type === undefined || type.pointers > 0 ? undefined : typeUnits[type.base];
    if (byType !== undefined && type !== undefined)
      found.push(this.fact(byType, 3, at, `its type ${type.base} counts ${unitText[byType]}`));
    for (const use of this.usesOf(name)) {
      const fact = this.backward.fromUse(use, 0);
      if (fact !== undefined) found.push(fact);
    }
    if (/^(addr|address|start|end|next)$/.test(name) && this.f.parameters.some((p) => /\bstruct mm_walk\b/.test(p.type)))
      found.push(this.fact('userAddr', 3, at, `${name} of a walk over page tables (struct mm_walk)`));
    const weak = nameUnits.find(([pattern]) => pattern.test(name));
    if (weak !== undefined && (type === undefined || type.pointers === 0)) found.push(this.fact(weak[1], 1, at, `named ${name}`));
    return found.sort((a, b) => b.weight - a.weight);
  }

  /** Unit of an expression, forwards. */
  unitOf(node: Node, depth = 0): UnitFact | undefined {
    if (depth > maximumDepth) return undefined;
    switch (node.type) {
      case 'parenthesized_expression': {
        const inner = node.namedChild(0);
        return inner === null ? undefined : this.unitOf(inner, depth + 1);
      }
      case 'cast_expression': {
        const value = node.childForFieldName('value');
        return value === null ? undefined : this.unitOf(value, depth + 1);
      }
      case 'identifier':
        return this.identifier(node, depth);
      case 'field_expression':
        return this.member(node);
      case 'call_expression':
        return this.call(node, depth);
      case 'binary_expression':
        return this.binary(node, depth);
      case 'conditional_expression': {
        const a = node.childForFieldName('consequence');
        const b = node.childForFieldName('alternative');
        return (a === null ? undefined : this.unitOf(a, depth + 1)) ?? (b === null ? undefined : this.unitOf(b, depth + 1));
      }
      case 'unary_expression':
        return /^-\s*E[A-Z]+/.test(node.text) ? this.at('errno', 4, node, 'a negative errno') : undefined;
      case 'assignment_expression': {
        const right = node.childForFieldName('right');
        return right === null ? undefined : this.unitOf(right, depth + 1);
      }
      default:
        return undefined;
    }
  }

  /** Nodes that use a variable of this function. */
  usesOf(name: string): readonly Node[] {
    if (this.uses === undefined) {
      const map = new Map<string, Node[]>();
      for (const id of this.body?.descendantsOfType('identifier') ?? []) {
        const list = map.get(id.text) ?? [];
        list.push(id);
        map.set(id.text, list);
      }
      this.uses = map;
    }
    return (this.uses.get(name) ?? []).filter((n) => n.startIndex > this.f.bodyOffset);
  }

  get calls(): readonly Node[] {
    return this.body?.descendantsOfType('call_expression') ?? [];
  }

  get node(): Node | undefined {
    return this.body;
  }

  /** Unit that the callee of a call expects of an argument. */
  expected(call: Node, index: number): UnitFact | undefined {
    const callee = call.childForFieldName('function');
    if (callee === null) return undefined;
    if (callee.type === 'identifier') {
      const conversion = conversions[callee.text];
      if (conversion !== undefined) {
        const unit = conversion.args[index];
        // They are applied to counts as well as to positions.
        const weight = pageConversion.test(callee.text) ? 2 : 4;
        return unit === undefined ? undefined : this.at(unit, weight, call, `${callee.text}() takes ${unitText[unit]}`);
      }
      if (sameUnit.test(callee.text)) return undefined;
      return this.neighbours.parameter(callee.text, index, this.file);
    }
    const field = callee.type === 'field_expression' ? callee : (callee.descendantsOfType('field_expression')[0] ?? null);
    const owner = field === null ? undefined : this.types.memberOf(field, this.file);
    return owner === undefined ? undefined : this.neighbours.slotParameter(owner.struct, owner.member.name, index, this.file);
  }

  private fact(unit: UnitName, weight: number, line: number, why: string): UnitFact {
    return { unit, weight, evidence: { file: this.file.path, line, text: this.file.lineText(line).trim(), why } };
  }

  at(unit: UnitName, weight: number, node: Node, why: string): UnitFact {
    return this.fact(unit, weight, lineOfNode(node), why);
  }

  private declaredType(name: string): TypeRef | undefined {
    const p = this.f.parameters.find((x) => x.name === name);
    return p === undefined ? this.types.local(name, this.f.endOffset, this.file)?.type : parseType(p.type);
  }

  private identifier(node: Node, depth: number): UnitFact | undefined {
    const name = node.text;
    const constant = constantUnits[name];
    if (constant !== undefined) return this.at(constant, 4, node, `${name} counts ${unitText[constant]}`);
    if (this.variables.has(name)) return this.variables.get(name);
    // Guards against a variable that depends on itself.
    this.variables.set(name, undefined);
    const fact = this.variableUnit(name, depth);
    this.variables.set(name, fact);
    return fact;
  }

  private variableUnit(name: string, depth: number): UnitFact | undefined {
    const type = this.declaredType(name);
    const isParameter = this.f.parameters.some((p) => p.name === name);
    const byType = type === undefined || type.pointers > 0 ? undefined : typeUnits[type.base];
    if (this.changesUnit(name)) return undefined;
    if (byType !== undefined)
      return this.fact(
        byType,
        3,
        this.f.parameters.find((p) => p.name === name)?.line ?? this.lineOfDeclaration(name),
        `the type of ${name} is ${type?.base ?? ''}`,
      );
    const values = this.assigned(name)
      .map((v) => this.unitOf(v, depth + 1))
      .filter((x): x is UnitFact => x !== undefined && x.weight > 1);
    const first = values[0];
    // One name for two units, one after the other: nothing can be said without the order.
    if (first !== undefined && values.some((v) => conflict(v.unit, first.unit))) return undefined;
    if (first !== undefined) return { ...first, weight: Math.min(first.weight, 2) };
    if (isParameter) {
      const facts = this.facts(name);
      return facts[0];
    }
    const weak = type === undefined || type.pointers === 0 ? nameUnits.find(([pattern]) => pattern.test(name)) : undefined;
    return weak === undefined ? undefined : this.fact(weak[1], 1, this.lineOfDeclaration(name), `named ${name}`);
  }

  /** `x >>= PAGE_SHIFT`, `x = PFN_PHYS(x)`: the variable counts something else afterwards. */
  private changesUnit(name: string): boolean {
    return this.usesOf(name).some((u) => {
      const parent = u.parent;
      if (parent?.type !== 'assignment_expression' || parent.childForFieldName('left')?.startIndex !== u.startIndex) return false;
      const operator = parent.childForFieldName('operator')?.text ?? '';
      if (operator === '>>=' || operator === '<<=') return true;
      return (
        operator === '=' &&
        new RegExp(`\\b(${Object.keys(conversions).join('|')})\\s*\\([^;]*\\b${name}\\b|\\b${name}\\s*(<<|>>)`).test(
          parent.childForFieldName('right')?.text ?? '',
        )
      );
    });
  }

  private lineOfDeclaration(name: string): number {
    const v = this.types.local(name, this.f.endOffset, this.file);
    return v === undefined || v.at === 0 ? this.f.line : this.file.lineAt(v.at);
  }

  /** Values assigned to a variable: initialisers and plain assignments. */
  assigned(name: string): Node[] {
    const values: Node[] = [];
    const v = this.types.local(name, this.f.endOffset, this.file);
    if (v?.value !== undefined) values.push(v.value);
    for (const use of this.usesOf(name)) {
      const parent = use.parent;
      if (
        parent?.type === 'assignment_expression' &&
        parent.childForFieldName('left')?.startIndex === use.startIndex &&
        parent.childForFieldName('operator')?.text === '='
      ) {
        const right = parent.childForFieldName('right');
        if (right !== null) values.push(right);
      }
    }
    return values;
  }

  member(node: Node): UnitFact | undefined {
    const owner = this.types.memberOf(node, this.file);
    const field = node.childForFieldName('field')?.text ?? '';
    const key = owner === undefined ? undefined : `${owner.struct}.${field}`;
    const unit =
      (key === undefined ? undefined : memberUnits[key]) ??
      Object.entries(memberUnits).find(([k]) => owner === undefined && k.endsWith(`.${field}`) && field.includes('_'))?.[1];
    if (unit !== undefined) return this.at(unit, 4, node, `${key ?? field} counts ${unitText[unit]}`);
    const byType = owner === undefined || owner.member.type.pointers > 0 ? undefined : typeUnits[owner.member.type.base];
    return byType === undefined || owner === undefined
      ? undefined
      : this.at(byType, 3, node, `${owner.struct}.${field} is of type ${owner.member.type.base}`);
  }

  private call(node: Node, depth: number): UnitFact | undefined {
    const callee = node.childForFieldName('function');
    const args = node.childForFieldName('arguments')?.namedChildren ?? [];
    if (callee?.type !== 'identifier') return undefined;
    const conversion = conversions[callee.text];
    if (conversion?.result !== undefined && pageConversion.test(callee.text)) {
      // The macros multiply and divide by the page size; a count stays a count.
      const of = args[0] === undefined ? undefined : this.unitOf(args[0], depth + 1)?.unit;
      const unit = of === undefined ? conversion.result : conversion.result === 'pfn' ? shiftRight(of, 'page') : shiftLeft(of, 'page');
      return this.at(unit, 4, node, `${callee.text}() gives ${unitText[unit]}`);
    }
    if (conversion?.result !== undefined)
      return this.at(conversion.result, 4, node, `${callee.text}() gives ${unitText[conversion.result]}`);
    if (sameUnit.test(callee.text)) {
      for (const a of args) {
        const fact = this.unitOf(a, depth + 1);
        if (fact !== undefined) return fact;
      }
      return undefined;
    }
    return this.neighbours.result(callee.text, this.file);
  }

  private binary(node: Node, depth: number): UnitFact | undefined {
    const left = node.childForFieldName('left');
    const right = node.childForFieldName('right');
    const operator = node.childForFieldName('operator')?.text ?? '';
    if (left === null || right === null) return undefined;
    if (operator === '>>' || operator === '<<') {
      const by = shiftKind(right.text);
      const inner = this.unitOf(left, depth + 1);
      if (by === undefined) return /^\d+$/.test(right.text) ? inner : undefined;
      const unit = operator === '>>' ? shiftRight(inner?.unit, by) : shiftLeft(inner?.unit, by);
      return this.at(unit, 4, node, `${operator} ${right.text} gives ${unitText[unit]}`);
    }
    if (operator === '*' || operator === '/') {
      if (pageSize.test(right.text)) {
        const unit = operator === '*' ? 'bytes' : 'pages';
        return this.at(unit, 4, node, `${operator} ${right.text} gives ${unitText[unit]}`);
      }
      if (sectorSize.test(right.text)) {
        const unit = operator === '*' ? 'bytes' : 'sectors512';
        return this.at(unit, 4, node, `${operator} ${right.text} gives ${unitText[unit]}`);
      }
      // A quotient or product of two counts has no unit that we know, a multiple of one has.
      return /^\w+$/.test(right.text) && /^\d+$/.test(right.text) ? this.unitOf(left, depth + 1) : undefined;
    }
    if (operator === '+' || operator === '-') {
      const a = this.unitOf(left, depth + 1);
      const b = this.unitOf(right, depth + 1);
      const unit = combine(operator, a?.unit, b?.unit);
      if (unit === undefined) return undefined;
      const source = a ?? b;
      const derived = a !== undefined && b !== undefined && unit !== a.unit;
      return source === undefined
        ? undefined
        : derived
          ? this.at(
              unit,
              2,
              node,
              `${flat(this.file, node.startIndex, node.endIndex)}: the distance of two positions counts ${unitText[unit]}`,
            )
          : { ...source, unit };
    }
    if (operator === '&' && !right.text.startsWith('~') && this.unitOf(left, depth + 1)?.unit === 'flags')
      return this.at('boolean', 2, node, 'a test of a flag');
    if (operator === '&' || operator === '|' || operator === '%')
      return this.unitOf(left, depth + 1) ?? (operator === '|' ? this.unitOf(right, depth + 1) : undefined);
    if (/^([=!<>]=?|&&|\|\|)$/.test(operator)) return this.at('boolean', 2, node, 'a comparison');
    return undefined;
  }
}
