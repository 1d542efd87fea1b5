// Each design on each of its presets beside the sample tree, as the text that `daxtrace compare` prints. `npm run golden` accepts changes.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { designNames, readDesign } from '../../src/cli/designs.ts';
import { compareSides, compareText, type CompareSide } from '../../src/core/session/compare.ts';
import type { ScenarioSource, SetupCall } from '../../src/core/session/engine-api.ts';
import type { TraceResult } from '../../src/core/trace/result.ts';
import { openEngine } from '../../src/node/engine.ts';

const root = join(import.meta.dirname, '../..');

interface Subject {
  readonly name: string;
  readonly title: string;
  readonly texts: ReadonlyMap<string, string>;
  readonly setup: readonly SetupCall[];
}

async function tracer({ name, title, texts, setup }: Subject): Promise<(scenario: ScenarioSource) => CompareSide> {
  const engine = await openEngine({
    root: join(root, 'media/sample-kernel'),
    config: null,
    grammars: join(root, 'grammars'),
    progress: () => {},
  });
  for (const [path, text] of texts) engine.setText(path, text);
  return (scenario) => {
    const run = (grow: number): TraceResult => {
      const answer = engine.trace({ scenario, setup, measure: true, grow }, () => false);
      if (answer.kind !== 'result') throw new Error(JSON.stringify(answer));
      return answer.result;
    };
    return { label: name, title, result: run(0), larger: run(64) };
  };
}

const base = await tracer({ name: 'base', title: 'the tree as it is', texts: new Map(), setup: [] });

describe('the designs', () => {
  for (const name of designNames()) {
    const design = readDesign(name);
    it(`${name}: ${design.title}`, async () => {
      const trace = await tracer(design);
      const texts = design.scenarios.map((scenario) => compareText(compareSides([base(scenario), trace(scenario)])));
      await expect(`${design.shows}\n\n${texts.join('\n')}`).toMatchFileSnapshot(`designs/${name}.txt`);
    });
  }
});
