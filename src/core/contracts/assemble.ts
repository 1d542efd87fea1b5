// Puts facts together: the strongest unit of a parameter with its evidence, codes of the same meaning.
import { parseType, structName } from '../symbols/type-text.ts';
import type { ParameterOutline } from '../syntax/source-file.ts';
import type { ContractEvidence, ParameterContract, ResultCode, UnitName } from './contract.ts';
import { scaleOf } from './unit-algebra.ts';
import type { UnitFact } from './unit-facts.ts';
import { origins } from './unit-seeds.ts';

const maximumEvidence = 6;

/** The contract of one parameter from everything known about it; `all` are the parameters beside it. */
export function assembleParameter(
  p: ParameterOutline,
  index: number,
  all: readonly ParameterOutline[],
  facts: readonly UnitFact[],
): ParameterContract {
  const type = parseType(p.type);
  const pointer = type !== undefined && type.pointers > 0;
  const votes = new Map<UnitName, number>();
  for (const fact of facts) votes.set(fact.unit, (votes.get(fact.unit) ?? 0) + (fact.weight >= 3 ? fact.weight * 10 : fact.weight));
  // A weak name must not outvote what the code does with the value.
  const best = pointer ? undefined : [...votes].sort((a, b) => b[1] - a[1])[0]?.[0];
  const named = facts.find((x) => x.weight === 1)?.unit;
  const settled =
    best !== undefined && named !== undefined && best !== named && scaleOf(best) === scaleOf(named) && (votes.get(best) ?? 0) < 30
      ? named
      : best;
  const unit: UnitName = pointer ? 'pointer' : (settled ?? (type?.base === 'bool' ? 'boolean' : 'unknown'));
  const evidence: ContractEvidence[] = [];
  for (const fact of facts.filter((x) => x.unit === unit)) {
    if (evidence.length < maximumEvidence && !evidence.some((e) => e.file === fact.evidence.file && e.line === fact.evidence.line))
      evidence.push(fact.evidence);
  }
  const structs = all.map((x) => parseType(x.type)).map((t) => (t === undefined ? undefined : structName(t)));
  const isLength = /(len|length|size|count|nr|num|pages|bytes)\d*$/.test(p.name) || /^nr_/.test(p.name);
  const origin =
    pointer || isLength ? undefined : origins.find((o) => o.unit === unit && (o.struct === undefined || structs.includes(o.struct)));
  return { name: p.name, index, type: p.type, unit, ...(origin === undefined ? {} : { relativeTo: origin.from }), evidence };
}

/** A type as C writes it. */
export function typeText(t: { readonly base: string; readonly pointers: number }): string {
  return `${t.base}${t.pointers > 0 ? ` ${'*'.repeat(t.pointers)}` : ''}`;
}

/** One entry per code and meaning, with the evidence of all. */
export function mergeCodes(codes: readonly ResultCode[]): ResultCode[] {
  const merged = new Map<string, ResultCode>();
  for (const c of codes) {
    const key = `${c.code}\0${c.meaning}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? c : { ...known, evidence: [...known.evidence, ...c.evidence].slice(0, 6) });
  }
  return [...merged.values()];
}

/** A parameter that holds a number. */
export const mayCount = (parameter: string): boolean => !parameter.includes('*') && !parameter.startsWith('struct');
