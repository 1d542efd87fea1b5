// What a hover says at a position: the contract of a function, a slot, a parameter, or an argument.
import type { Node } from 'web-tree-sitter';
import type { ExpressionTypes } from '../symbols/expression-type.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import { argumentAt } from './call-sites.ts';
import type { Contracts } from './contracts.ts';
import type { ContractEvidence, FunctionContract, HoverContract, ParameterContract, ResultCode } from './contract.ts';
import { unitText } from './unit-algebra.ts';
import { conversions, type Conversion } from './unit-seeds.ts';

/** Contract at a line and column (both from 1); undefined where there is nothing to say. */
export function hoverAt(
  file: SourceFile,
  line: number,
  column: number,
  contracts: Contracts,
  types: ExpressionTypes,
): HoverContract | undefined {
  const offset = file.offsetAt(line, column);
  const node = file.root.descendantForIndex(offset);
  if (node === null || !/^(identifier|field_identifier)$/.test(node.type)) return undefined;
  const place = { line: node.startPosition.row + 1, column: node.startPosition.column + 1, endColumn: node.endPosition.column + 1 };
  const f = file.functionAt(line);
  const own = node.type === 'identifier' && f?.name === node.text && node.startIndex === f.nameOffset ? f : undefined;
  if (own !== undefined) return { ...describe(contracts.contractIn(file, own)), ...place };
  if (node.type === 'field_identifier') {
    const owner = node.parent === null ? undefined : types.memberOf(node.parent, file);
    const isFunction = owner?.member.isFunctionPointer === true;
    const slot = isFunction ? contracts.contract(`${owner.struct}.${node.text}`) : undefined;
    if (slot !== undefined) return { ...describe(slot), ...place };
    if (f === undefined || node.parent === null) return undefined;
    const fact = contracts.inference(file, f).unitOf(node.parent);
    return fact === undefined
      ? argument(file, offset, contracts, types, place)
      : { title: `${node.parent.text}: ${unitText[fact.unit]}`, lines: [item(fact.evidence)], evidence: [fact.evidence], ...place };
  }
  if (f === undefined) {
    const c = contracts.contract(node.text);
    return c === undefined ? undefined : { ...describe(c), ...place };
  }
  const parameter = f.parameters.findIndex((p) => p.name === node.text);
  const shadow = types.local(node.text, offset, file);
  if (parameter >= 0) {
    const whole = contracts.contractIn(file, f);
    const passed = argument(file, offset, contracts, types, place);
    const p = whole.parameters[parameter]!;
    return {
      title: parameterTitle(p),
      lines: [
        ...parameterLines(p),
        ...whole.conflicts.filter((c) => c.line === line).map((c) => `**Conflict:** ${c.what} (${c.file}:${c.line})`),
        ...(passed === undefined ? [] : ['', passed.title]),
      ],
      evidence: p.evidence,
      ...place,
    };
  }
  if (shadow === undefined) {
    const isCallee = node.parent?.type === 'call_expression' && node.parent.childForFieldName('function')?.startIndex === node.startIndex;
    const c = isCallee ? contracts.contract(node.text) : undefined;
    if (c !== undefined) return { ...describe(c), ...place };
    const conversion = isCallee && Object.hasOwn(conversions, node.text) ? conversions[node.text] : undefined;
    if (conversion !== undefined) return { ...describeConversion(node.text, conversion), ...place };
    return argument(file, offset, contracts, types, place);
  }
  const facts = contracts.inference(file, f).unitOf(node);
  const passed = argument(file, offset, contracts, types, place);
  if (facts === undefined) return passed;
  return {
    title: `${node.text}: ${unitText[facts.unit]}`,
    lines: [item(facts.evidence), ...(passed === undefined ? [] : ['', passed.title])],
    evidence: [facts.evidence],
    ...place,
  };
}

/** A macro of the kernel's headers that converts: it has a contract, but no body to infer one from. */
function describeConversion(name: string, { args, result }: Conversion): Pick<HoverContract, 'title' | 'lines' | 'evidence'> {
  const takes = args.flatMap((unit, i) => (unit === undefined ? [] : [`- takes ${unitText[unit]} (argument ${i + 1})`]));
  return { title: `${name}()`, lines: [...takes, ...(result === undefined ? [] : [`- gives ${unitText[result]}`])], evidence: [] };
}

/** What the callee expects of the argument under the cursor. */
function argument(
  file: SourceFile,
  offset: number,
  contracts: Contracts,
  types: ExpressionTypes,
  place: Pick<HoverContract, 'line' | 'column' | 'endColumn'>,
): HoverContract | undefined {
  const at = argumentAt(file, offset);
  const callee = at?.call.childForFieldName('function');
  if (at === undefined || callee === null || callee === undefined) return undefined;
  const contract = calleeContract(callee, file, contracts, types);
  const p = contract?.parameters[at.index];
  if (contract === undefined || p === undefined) return undefined;
  return {
    title: `argument ${at.index + 1} of ${contract.function}: ${parameterTitle(p)}`,
    lines: parameterLines(p),
    evidence: p.evidence,
    ...place,
  };
}

function calleeContract(callee: Node, file: SourceFile, contracts: Contracts, types: ExpressionTypes): FunctionContract | undefined {
  if (callee.type === 'identifier') return contracts.contract(callee.text);
  const owner = callee.type === 'field_expression' ? types.memberOf(callee, file) : undefined;
  return owner === undefined ? undefined : contracts.contract(`${owner.struct}.${owner.member.name}`);
}

function parameterTitle(p: ParameterContract): string {
  const from = p.relativeTo === undefined ? '' : `, from ${p.relativeTo}`;
  return `${p.name === '' ? p.type : p.name}: ${unitText[p.unit]}${from}`;
}

const parameterLines = (p: ParameterContract): string[] => p.evidence.map(item);
const item = (e: ContractEvidence): string => `- ${because(e)}`;
const because = (e: ContractEvidence): string => `\`${e.text}\` (${e.file}:${e.line}): ${e.why}`;

/** Title and lines of a whole contract: each unit with its strongest evidence; the rest of the evidence is handed on. */
function describe(c: FunctionContract): Pick<HoverContract, 'title' | 'lines' | 'evidence'> {
  const lines: string[] = [];
  for (const p of c.parameters) {
    if (p.unit === 'pointer' && p.evidence.length === 0) continue;
    const [strongest] = p.evidence;
    lines.push(`- ${parameterTitle(p)}`);
    if (strongest !== undefined) lines.push(`  - ${because(strongest)}`);
  }
  if (c.returns.unit !== 'unknown') lines.push(`- returns ${unitText[c.returns.unit]}`);
  lines.push(...resultLines(c.returns.codes));
  for (const x of c.conflicts) lines.push(`- **Conflict:** ${x.what} (${x.file}:${x.line})`);
  if (c.related.length > 0) lines.push(`- ${c.kind === 'slot' ? 'implemented by' : 'in slot'} ${c.related.join(', ')}`);
  return {
    title: c.kind === 'slot' ? `${c.function} (slot)` : `${c.function}()`,
    lines,
    evidence: [...c.parameters.flatMap((p) => p.evidence), ...c.returns.evidence],
  };
}

const places = (evidence: readonly ContractEvidence[]): string => evidence.map((e) => `${e.file}:${e.line}`).join(', ');

/** `on -EOPNOTSUPP `, for the codes that a caller tells apart. */
function condition(code: string): string {
  if (code === 'any') return '';
  if (code === 'negative') return 'on a negative result ';
  const but = /^(?:other than|not) (.*)$/.exec(code)?.[1];
  return but === undefined ? `on \`${code}\` ` : `on anything but \`${but}\` `;
}

/** Source text inside what a caller does, marked as such. */
const asCode = (action: string): string => action.replace(/^(does|decides|goes on with|returned as) (.+)$/s, '$1 `$2`');

/** Where each code comes from, then one line per caller with what it does for which code. */
function resultLines(codes: readonly ResultCode[]): readonly string[] {
  const lines: string[] = [];
  const callers = new Map<string, string[]>();
  for (const { code, meaning, evidence } of codes) {
    const colon = meaning.indexOf(': ');
    if (colon < 0) {
      lines.push(`  - \`${code}\` ${meaning} (${places(evidence)})`);
      continue;
    }
    const caller = meaning.slice(0, colon);
    const said = callers.get(caller) ?? [];
    callers.set(caller, said);
    said.push(`${condition(code)}${asCode(meaning.slice(colon + 2))} (${places(evidence)})`);
  }
  if (callers.size > 0) lines.push('- what callers do with it');
  for (const [caller, said] of callers) lines.push(`  - ${caller}: ${said.join('; ')}`);
  return lines;
}
