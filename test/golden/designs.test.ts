// Each design on each of its scenarios beside the sample tree, as the text that `daxtrace compare` prints, and what must be true of them. `npm run golden` accepts changes.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { designNames, readDesign, type Design } from '../../src/node/designs.ts';
import { compareSides, compareText, type CompareSide } from '../../src/core/session/compare.ts';
import type { ScenarioSource } from '../../src/core/session/engine-api.ts';
import type { Measures, TraceResult } from '../../src/core/trace/result.ts';
import { traceSide } from '../../src/node/comparison.ts';
import { openEngine } from '../../src/node/engine.ts';

/** Milliseconds: a busy machine needs several seconds for a dozen traces. */
const PATIENCE = 60_000;
vi.setConfig({ testTimeout: PATIENCE });

const root = join(import.meta.dirname, '../..');
const tree = join(root, 'media/sample-kernel');

type Tracer = (scenario: ScenarioSource) => CompareSide;

/** Traces on the sample tree with a design's texts; each scenario once. */
async function tracer({ name, title, texts, setup }: Pick<Design, 'name' | 'title' | 'texts' | 'setup'>): Promise<Tracer> {
  const engine = await openEngine({ root: tree, config: null, grammars: join(root, 'grammars'), progress: () => {} });
  for (const [path, text] of texts) engine.setText(path, text);
  const known = new Map<string, CompareSide>();
  return (scenario) => {
    let side = known.get(scenario.name);
    if (side === undefined) {
      const answer = traceSide(engine, { label: name, title, setup }, scenario);
      if (answer.kind !== 'side') throw new Error(JSON.stringify(answer));
      ({ side } = answer);
      known.set(scenario.name, side);
    }
    return side;
  };
}

const tracers = new Map<string, Tracer>([
  ['base', await tracer({ name: 'base', title: 'the tree as it is', texts: new Map(), setup: [] })],
]);
for (const name of designNames()) tracers.set(name, await tracer(readDesign(name)));

function trace(design: string, scenario: ScenarioSource): CompareSide {
  const found = tracers.get(design);
  if (found === undefined) throw new Error(`no design ${design}`);
  return found(scenario);
}

/** What was counted of injection `n` of a preset. */
function measured(design: string, preset: string, n = 1): Measures {
  const found = trace(design, { kind: 'preset', name: preset }).result.injections[n - 1]?.measures;
  if (found === undefined) throw new Error(`${design} on ${preset}: nothing was measured`);
  return found;
}

const shutdowns = (design: string, preset: string, n = 1): number =>
  trace(design, { kind: 'preset', name: preset }).result.injections[n - 1]?.shutdowns.length ?? -1;

describe('the designs', () => {
  for (const name of designNames()) {
    const design = readDesign(name);
    it(`${name}: ${design.title}`, async () => {
      const texts = design.scenarios.map((scenario) => compareText(compareSides([trace('base', scenario), trace(name, scenario)])));
      await expect(`${design.shows}\n\n${texts.join('\n')}`).toMatchFileSnapshot(`designs/${name}.txt`);
    });
  }

  const hasGcc = spawnSync('gcc', ['--version']).status === 0;
  for (const name of designNames()) {
    it.runIf(hasGcc)(`${name}: gcc accepts its files without a warning`, () => {
      expect(compile(readDesign(name))).toBe('');
    });
  }
});

describe('what the designs show', () => {
  it('without a translation through the mapped device the second owner is missed', () => {
    expect(measured('base', 'dm-reflinked')).toMatchObject({ expected: ['A', 'B'], signalled: ['A'], missed: ['B'], stillMapped: ['B'] });
  });

  it('holder chain, corrupted_range, notifier chains and the tree per page all reach every owner', () => {
    for (const design of ['holder-chain-dm', 'corrupted-range', 'notifier-chain', 'dax-rmap-tree']) {
      expect(measured(design, 'dm-reflinked')).toMatchObject({ signalled: ['A', 'B'], wronglySignalled: [], missed: [], stillMapped: [] });
    }
  });

  it('the holder chain undoes stripes and two levels, and says when a target cannot translate', () => {
    expect(measured('holder-chain-dm', 'dm-stripe').missed).toEqual([]);
    expect(measured('holder-chain-dm', 'dm-two-levels').callouts).toEqual({ memory_failure: 1, notify_failure: 3, rmap: 2 });
    const blind = trace('holder-chain-dm', { kind: 'preset', name: 'dm-untranslatable' }).result.injections[0];
    expect(blind?.calls.find((call) => call.function === 'md_dax_notify_failure')?.returns).toContain('-95');
    expect(blind?.calls.some((call) => call.function === 'mf_generic_kill_procs')).toBe(true);
  });

  it('one ranged call does not grow with the device, page at a time does', () => {
    const count = (side: TraceResult | undefined): number =>
      Object.values(side?.injections[0]?.measures?.callouts ?? {}).reduce((a, b) => a + b, 0);
    const ranged = trace('ranged-removal', { kind: 'preset', name: 'removal' });
    expect(count(ranged.larger)).toBe(count(ranged.result));
    const paged = trace('page-at-a-time', { kind: 'preset', name: 'removal' });
    // A pagemap call, two holders, two targets for each page.
    expect(count(paged.result)).toBe(5 * 512);
    expect(count(paged.larger)).toBeGreaterThan(count(paged.result));
  });

  it('of the ways to remove a device only the reverse map tells everybody and nobody else', () => {
    expect(measured('removal-reverse-map', 'removal')).toMatchObject({
      signalled: ['B', 'C'],
      missed: [],
      stillMapped: [],
      unmappedNeedlessly: [],
    });
    expect(measured('removal-page-walk', 'removal')).toMatchObject({ signalled: ['B'], missed: ['C'], stillMapped: ['C'] });
    expect(measured('removal-inode-walk', 'removal')).toMatchObject({ missed: ['B', 'C'], stillMapped: [], unmappedNeedlessly: ['A'] });
    expect(measured('page-at-a-time', 'removal').missed).toEqual(['B', 'C']);
  });

  it('the tree per page costs memory for pages that never fail, and keeps silent about metadata', () => {
    const bytes = (design: string): number => trace(design, { kind: 'preset', name: 'reflinked-pair' }).result.standing?.bytes ?? 0;
    // 16 pages: one tree of 16 bytes each, one node of 32 bytes for each of two files.
    expect(bytes('dax-rmap-tree') - bytes('base')).toBe(16 * (16 + 2 * 32));
    expect(shutdowns('base', 'metadata')).toBe(1);
    expect(shutdowns('dax-rmap-tree', 'metadata')).toBe(0);
  });

  it('bytes spare the filesystem where the block is unused, pages do not', () => {
    expect([1, 2, 3].map((n) => shutdowns('base', 'cache-line', n))).toEqual([0, 1, 0]);
    expect([1, 2, 3].map((n) => shutdowns('byte-granular', 'cache-line', n))).toEqual([0, 0, 1]);
    const [signal] = trace('byte-granular', { kind: 'preset', name: 'cache-line' }).result.injections[0]?.signals ?? [];
    expect(signal?.lsb).toBe(12);
  });

  it('a notifier that claims the event ends the chain; badblocks and nfit hear of a machine check', () => {
    const [scenario] = readDesign('notifier-chain').scenarios.filter((one) => one.kind === 'scenario');
    if (scenario === undefined) throw new Error('no scenario');
    const [check, repair] = trace('notifier-chain', scenario).result.injections;
    expect(check?.log.slice(0, 2)).toEqual(['nfit: 64 bytes at 0x4001b240 are bad', 'pmem0: sectors 216 to 223 are bad']);
    expect(check?.measures?.signalled).toEqual(['A']);
    expect(check?.calls.some((call) => call.function === 'mf_generic_kill_procs')).toBe(false);
    expect(repair?.log).toEqual(['XFS (pmem0): 4096 bytes from byte 110592 of the device are back']);
  });
});

/** What gcc says about the .c files of a design over the sample tree. */
function compile(design: Design): string {
  const folder = mkdtempSync(join(tmpdir(), 'daxtrace-design-'));
  try {
    cpSync(tree, folder, { recursive: true });
    for (const [path, text] of design.texts) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    mkdirSync(join(folder, 'generated'));
    const options = ['MMU', 'ZONE_DEVICE', 'MEMORY_FAILURE', 'DAX', 'FS_DAX', 'BLK_DEV_PMEM', 'XFS_FS'];
    writeFileSync(join(folder, 'generated/autoconf.h'), options.map((name) => `#define CONFIG_${name} 1\n`).join(''));
    const headers = ['compiler-version', 'kconfig', 'compiler_types'].flatMap((name) => ['-include', `include/linux/${name}.h`]);
    const folders = ['-Iinclude', '-I.', '-Iarch/x86/include', '-Ifs/xfs', '-Ifs/xfs/libxfs'];
    const flags = ['-fsyntax-only', '-nostdinc', '-ffreestanding', '-std=gnu11', '-Wall', '-Wno-unused-function', '-D__KERNEL__'];
    const units = [...design.texts.keys()].filter((path) => path.endsWith('.c'));
    if (units.length === 0) return '';
    return spawnSync('gcc', [...flags, ...folders, ...headers, ...units], { cwd: folder, encoding: 'utf8' }).stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
