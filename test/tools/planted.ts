// Kernel-side fault fixtures: small functions put into mm/memory-failure.c and called first in memory_failure().
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OverlaySource } from '../../src/core/source/file-source.ts';
import { TraceSession } from '../../src/core/session/trace-session.ts';
import { DiskSource } from '../../src/node/disk-source.ts';

const folder = join(import.meta.dirname, '../fixtures/kernel-faults');
const path = 'mm/memory-failure.c';

export interface Planted {
  readonly name: string;
  readonly text: string;
  /** How the injection ends. */
  readonly end: string;
  /** What the reports must match, one each, in order: `kind: text`. The first is the fault, the others follow from it. */
  readonly reports: readonly RegExp[];
}

/** The fixtures for a tree: `sample`, `6.1`, `6.12`. Files with a `trees:` line need macros that only those trees have. */
export function plantedFixtures(tree: string): readonly Planted[] {
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const trees = /^\/\/ trees: (.*)$/m.exec(text)?.[1]?.split(' ');
      if (trees !== undefined && !trees.includes(tree)) return [];
      const [end = '', kind, pattern] = (/^\/\/ expect: (.*)$/m.exec(text)?.[1] ?? '').split(' | ');
      const also = [...text.matchAll(/^\/\/ also: (.*)$/gm)].map((m) => new RegExp(m[1] ?? ''));
      const reports = kind === undefined ? [] : [new RegExp(`^${kind}: .*${pattern ?? ''}`), ...also];
      return [{ name: file, text: text.replace(/^\/\/.*\n/gm, ''), end, reports }];
    });
}

/** What a trace of the tree with the fixture planted says. */
export interface PlantedOutcome {
  readonly end: string;
  /** `kind: text; object` of each fault, `law n: text` of each violation that is no fault. */
  readonly reports: readonly string[];
}

/** What is wrong with an outcome; empty when it is what the fixture expects. */
export function mismatch(fixture: Planted, outcome: PlantedOutcome): readonly string[] {
  const wrong: string[] = [];
  if (outcome.end !== fixture.end) wrong.push(`ends with ${outcome.end}`);
  const left = [...outcome.reports];
  for (const expected of fixture.reports) {
    const at = left.findIndex((r) => expected.test(r));
    if (at < 0) wrong.push(`no report like ${expected.source}`);
    else left.splice(at, 1);
  }
  return [...wrong, ...left.map((r) => `reported too: ${r}`)];
}

/** Traces one preset with fixtures planted, one at a time, in one warm session. */
export function plantedTracer(root: string): (fixture: Planted) => PlantedOutcome {
  const source = new DiskSource(root);
  const texts = new Map<string, string>();
  const session = new TraceSession({ source: new OverlaySource(source, texts) });
  const original = source.read(path) ?? '';
  return ({ text }) => {
    const entry = /^int memory_failure\(unsigned long pfn, int flags\)\n\{\n/m;
    texts.set(
      path,
      original.replace(entry, (head) => `${text}\n${head}\tplanted(pfn);\n`),
    );
    session.changed(path);
    const answer = session.trace({ scenario: { kind: 'preset', name: 'single-owner' } });
    if (answer.kind !== 'result') throw new Error(answer.kind === 'refused' ? answer.message : answer.kind);
    const [injection] = answer.result.injections;
    const faults = injection?.faults ?? [];
    const known = new Set(faults.map((f) => f.text));
    return {
      end: injection?.result.kind ?? 'none',
      reports: [
        ...faults.map((f) => `${f.kind}: ${f.text}${f.object === undefined ? '' : `; ${f.object}`}`),
        ...answer.result.verdict.violations
          .filter((v) => !known.has(v.text) && injection?.result.kind === 'returned')
          .map((v) => `law ${v.law}: ${v.text}`),
      ],
    };
  };
}
