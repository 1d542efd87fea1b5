// Puts facts together: the strongest unit of a parameter with its evidence, codes of the same meaning.
import type { UnitName } from '../../base/unit-name.ts';
import { parseType, structName } from '../symbols/type-text.ts';
import type { ParameterOutline } from '../syntax/source-file.ts';
import type { ContractEvidence, ParameterContract, ResultCode } from './contract.ts';
import { quantityOf, scaleOf } from './unit-algebra.ts';
import type { UnitFact } from './unit-facts.ts';
import { origins, typeUnits } from './unit-seeds.ts';

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
  const isLength = /(len|length|size|count|nr|num|pages|bytes)\d*$/.test(p.name) || /^nr_/.test(p.name);
  const counted = /^enum\b/.test(type?.base ?? '') ? undefined : settled;
  const unit: UnitName = pointer ? 'pointer' : counted === undefined ? (type?.base === 'bool' ? 'boolean' : 'unknown') : kindOf(counted);

  /** A length has no place, and what is somewhere else a position has one: the shift or sum that told the scale did not know. */
  function kindOf(found: UnitName): UnitName {
    const scale = scaleOf(found);
    if (scale === 'other') return found;
    const quantity = quantityOf(scale);
    // phys_addr_t is wide enough for any offset inside a device, so its name decides.
    if (isLength || (found === 'physAddr' && /(^|_)(off|offset)$/.test(p.name))) return quantity;
    if (found !== quantity) return found;
    return facts.find((x) => x.weight >= 2 && x.unit !== quantity && scaleOf(x.unit) === scale)?.unit ?? found;
  }
  const evidence: ContractEvidence[] = [];
  const same = facts.filter((x) => x.unit === unit);
  for (const fact of same.length > 0 ? same : facts.filter((x) => scaleOf(x.unit) === scaleOf(unit) && scaleOf(unit) !== 'other')) {
    if (evidence.length < maximumEvidence && !evidence.some((e) => e.file === fact.evidence.file && e.line === fact.evidence.line))
      evidence.push(fact.evidence);
  }
  const structs = all.map((x) => parseType(x.type)).map((t) => (t === undefined ? undefined : structName(t)));
  const origin =
    pointer || isLength ? undefined : origins.find((o) => o.unit === unit && (o.struct === undefined || structs.includes(o.struct)));
  return { name: p.name, index, type: p.type, unit, ...(origin === undefined ? {} : { relativeTo: origin.from }), evidence };
}

/** What the value of a function counts; `ofValue` works out what its return statements say. */
export function unitOfResult(type: string, name: string, hasCodes: boolean, ofValue: () => UnitName | undefined): UnitName {
  const parsed = parseType(type);
  if (type === 'void') return 'unknown';
  if (parsed !== undefined && parsed.pointers > 0) return 'pointer';
  const byType = typeUnits[parsed?.base ?? ''];
  if (byType === 'physAddr' && /(^|_)(off|offset)$/.test(name)) return 'bytes';
  // What is wider than int may be a count, or an error instead.
  const counts = /^(long|ssize_t|s64|loff_t)$/.test(parsed?.base ?? '') ? ofValue() : undefined;
  return counts ?? (hasCodes ? 'errno' : (byType ?? ofValue() ?? 'unknown'));
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
