// What the parts of unit inference tell each other.
import type { UnitName } from '../../base/unit-name.ts';
import type { Node } from 'web-tree-sitter';
import type { ExpressionTypes } from '../symbols/expression-type.ts';
import type { FunctionOutline, SourceFile } from '../syntax/source-file.ts';
import type { ContractEvidence } from './contract.ts';
import { blockShift, pageShift, sectorShift } from './unit-seeds.ts';

/** A unit with its reason. Weight: 4 conversion or member, 3 type, 2 derived, 1 name. */
export interface UnitFact {
  readonly unit: UnitName;
  readonly weight: number;
  readonly evidence: ContractEvidence;
}

/** Asks for the units of another function's parameter or value; the assembler above bounds the depth. */
export interface Neighbours {
  parameter(callee: string, index: number, from: SourceFile): UnitFact | undefined;
  slotParameter(struct: string, member: string, index: number, from: SourceFile): UnitFact | undefined;
  result(callee: string, from: SourceFile): UnitFact | undefined;
}

/** Forward inference over one function, as the rules about uses see it. */
export interface ForwardUnits {
  readonly file: SourceFile;
  readonly f: FunctionOutline;
  readonly types: ExpressionTypes;
  unitOf(node: Node, depth?: number): UnitFact | undefined;
  expected(call: Node, index: number): UnitFact | undefined;
  member(node: Node): UnitFact | undefined;
  at(unit: UnitName, weight: number, node: Node, why: string): UnitFact;
}

/** Which conversion a shift count means. */
export function shiftKind(by: string): 'page' | 'sector' | 'fsblock' | undefined {
  const text = by.replace(/[()\s]/g, '');
  if (pageShift.test(text)) return 'page';
  if (sectorShift.test(text)) return 'sector';
  return blockShift.test(text) ? 'fsblock' : undefined;
}
