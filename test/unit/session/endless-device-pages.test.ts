// A driver that hands over the same frames in an endless loop: each turn must cost the same, or the run never meets its budget.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Interner } from '../../../src/base/interner.ts';
import { chooseConfig, withoutTracepoints } from '../../../src/core/preprocessor/kernel/choose-config.ts';
import { KernelPreprocessor } from '../../../src/core/preprocessor/kernel/kernel-preprocessor.ts';
import { findPreset } from '../../../src/core/scenario/presets/presets.ts';
import { parseScenario } from '../../../src/core/scenario/read.ts';
import { startSimulation } from '../../../src/core/session/simulation.ts';
import { UnitCache } from '../../../src/core/session/unit-cache.ts';
import { OverlaySource } from '../../../src/core/source/file-source.ts';
import { DiskSource } from '../../../src/node/disk-source.ts';

const PATH = 'mm/memremap.c';

it('frames that are added again replace those that were there, and the loop ends as a limit', () => {
  const disk = new DiskSource(join(import.meta.dirname, '../../../media/sample-kernel'));
  const text = disk.read(PATH) ?? '';
  const edited = text.replace(/i < pgmap->nr_range; i\+\+\) \{(\s+const struct range)/, '1;) {$1');
  expect(edited).not.toBe(text);
  const source = new OverlaySource(disk, new Map([[PATH, edited]]));
  const { config } = chooseConfig(source, undefined);
  const loader = new UnitCache(new KernelPreprocessor(source, withoutTracepoints(config), new Interner()), source, () => undefined);
  const scenario = parseScenario(findPreset('single-owner'));
  if (scenario.kind !== 'ok') throw new Error('a preset is not valid');
  const { world } = startSimulation(scenario.value, { source, loader, all: false, steps: 6_000_000 });
  expect(world).toMatchObject({ kind: 'limit', limit: { kind: 'steps' } });
}, 60_000);
