// Infers units backwards: what the use of a variable requires of it.
import type { UnitName } from '../../base/unit-name.ts';
import type { Node } from 'web-tree-sitter';
import { lineOfNode } from '../symbols/nodes.ts';
import { quantityOf, scaleOf, unitText } from './unit-algebra.ts';
import { shiftKind, type ForwardUnits, type UnitFact } from './unit-facts.ts';
import { conversions, pageSize, sameUnit, typeUnits } from './unit-seeds.ts';

const isPosition = (u: UnitName): boolean => u === 'pfn' || u === 'pageIndex' || u === 'agblocks';
/** Rules about the surroundings of a use. */
export class UseRules {
  private readonly units: ForwardUnits;

  constructor(units: ForwardUnits) {
    this.units = units;
  }

  /** What the surroundings of one use require of the variable. */
  fromUse(use: Node, depth: number): UnitFact | undefined {
    let node = use;
    let parent = use.parent;
    while (parent !== null && (parent.type === 'parenthesized_expression' || parent.type === 'cast_expression')) {
      node = parent;
      parent = parent.parent;
    }
    if (parent === null || depth > 3) return undefined;
    switch (parent.type) {
      case 'argument_list': {
        const call = parent.parent;
        if (call?.type !== 'call_expression') return undefined;
        const index = parent.namedChildren.findIndex((c) => c.startIndex === node.startIndex);
        const callee = call.childForFieldName('function')?.text ?? '';
        if (sameUnit.test(callee)) return this.siblings(parent, node) ?? this.fromUse(call, depth + 1);
        const expected = this.units.expected(call, index);
        if (expected === undefined) return undefined;
        return expected.weight >= 2 &&
          conversions[callee] !== undefined &&
          expected.evidence.line === lineOfNode(call) &&
          expected.evidence.file === this.units.file.path
          ? expected
          : {
              unit: expected.unit,
              weight: 2,
              evidence: {
                file: this.units.file.path,
                line: lineOfNode(call),
                text: this.units.file.lineText(lineOfNode(call)).trim(),
                why: `passed as argument ${index + 1} of ${callee}(), which takes ${unitText[expected.unit]}`,
              },
            };
      }
      case 'binary_expression':
        return this.fromBinary(parent, node, depth);
      case 'assignment_expression': {
        const left = parent.childForFieldName('left');
        const right = parent.childForFieldName('right');
        if (left === null || right === null) return undefined;
        const operator = parent.childForFieldName('operator')?.text ?? '=';
        if (left.startIndex === node.startIndex) {
          if (operator === '>>=' || operator === '<<=') return this.shifted(parent, operator.slice(0, 2), right.text);
          if (operator !== '+=' && operator !== '-=') return undefined;
          return this.sameScale(this.units.unitOf(right, 1), parent);
        }
        return operator === '=' || operator === '+=' || operator === '-=' ? this.target(left, parent) : undefined;
      }
      case 'init_declarator': {
        const name = /(\w+)\s*$/.exec(parent.childForFieldName('declarator')?.text ?? '')?.[1];
        const type = name === undefined ? undefined : this.units.types.local(name, this.units.f.endOffset, this.units.file)?.type;
        const unit = type === undefined || type.pointers > 0 ? undefined : typeUnits[type.base];
        return unit === undefined ? undefined : this.units.at(unit, 2, parent, `it becomes ${name ?? ''} of type ${type?.base ?? ''}`);
      }
      default:
        return undefined;
    }
  }

  private target(left: Node, at: Node): UnitFact | undefined {
    const fact = left.type === 'field_expression' ? this.units.member(left) : undefined;
    if (fact !== undefined)
      return {
        ...fact,
        weight: 2,
        evidence: {
          ...fact.evidence,
          line: lineOfNode(at),
          text: this.units.file.lineText(lineOfNode(at)).trim(),
          why: `stored in ${left.text}, which counts ${unitText[fact.unit]}`,
        },
      };
    const type = left.type === 'identifier' ? this.units.types.local(left.text, left.startIndex, this.units.file)?.type : undefined;
    const unit = type === undefined || type.pointers > 0 ? undefined : typeUnits[type.base];
    return unit === undefined ? undefined : this.units.at(unit, 2, at, `stored in ${left.text} of type ${type?.base ?? ''}`);
  }

  private siblings(list: Node, self: Node): UnitFact | undefined {
    for (const c of list.namedChildren) {
      if (c.startIndex === self.startIndex) continue;
      const fact = this.sameScale(this.units.unitOf(c, 1), list);
      if (fact !== undefined) return fact;
    }
    return undefined;
  }

  private shifted(node: Node, operator: string, by: string): UnitFact | undefined {
    const kind = shiftKind(by);
    if (kind === undefined) return undefined;
    const unit = operator === '>>' ? (kind === 'page' || kind === 'sector' || kind === 'fsblock' ? 'bytes' : 'unknown') : quantityOf(kind);
    return this.units.at(unit, 4, node, `${operator} ${by} is applied to it, so it counts ${unitText[unit]}`);
  }

  private fromBinary(parent: Node, node: Node, depth: number): UnitFact | undefined {
    const left = parent.childForFieldName('left');
    const right = parent.childForFieldName('right');
    const operator = parent.childForFieldName('operator')?.text ?? '';
    if (left === null || right === null) return undefined;
    const isLeft = left.startIndex === node.startIndex;
    if (operator === '>>' || operator === '<<') return isLeft ? this.shifted(parent, operator, right.text) : undefined;
    if (operator === '*' && pageSize.test(isLeft ? right.text : left.text))
      return this.units.at('pages', 4, parent, 'multiplied by the page size');
    if (operator === '/' && isLeft && pageSize.test(right.text)) return this.units.at('bytes', 4, parent, 'divided by the page size');
    if (/^([<>]=?|[=!]=|\+|-)$/.test(operator)) {
      const other = this.sameScale(this.units.unitOf(isLeft ? right : left, 1), parent);
      // A position plus something: the something is a quantity.
      if (other !== undefined)
        return operator === '+' && isPosition(other.unit) ? { ...other, unit: quantityOf(scaleOf(other.unit)) } : other;
      if (operator === '+' || operator === '-') return this.fromUse(parent, depth + 1);
    }
    return undefined;
  }

  /** A neighbour in a sum or comparison tells the scale; `weight` drops because the kind may differ. */
  private sameScale(fact: UnitFact | undefined, at: Node): UnitFact | undefined {
    if (fact === undefined || scaleOf(fact.unit) === 'other' || fact.weight < 2) return undefined;
    const unit =
      fact.unit === 'physAddr' || fact.unit === 'userAddr' || fact.unit === 'fileBytes'
        ? 'bytes'
        : fact.unit === 'pfn' || fact.unit === 'pageIndex'
          ? fact.unit
          : fact.unit;
    const line = lineOfNode(at);
    const where =
      fact.evidence.line === line && fact.evidence.file === this.units.file.path
        ? ''
        : `, as ${fact.evidence.file}:${fact.evidence.line} tells`;
    return {
      unit,
      weight: 2,
      evidence: {
        file: this.units.file.path,
        line,
        text: this.units.file.lineText(line).trim(),
        why: `added to or compared with ${unitText[fact.unit]} (${fact.evidence.why}${where})`,
      },
    };
  }
}
