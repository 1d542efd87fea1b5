// What an earlier injection left held is that injection's leak, not the next one's.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findPreset } from '../../../src/core/scenario/presets/presets.ts';
import { parseScenario } from '../../../src/core/scenario/read.ts';
import { TraceSession } from '../../../src/core/session/trace-session.ts';
import { OverlaySource } from '../../../src/core/source/file-source.ts';
import { DiskSource } from '../../../src/node/disk-source.ts';

const PATH = 'mm/memory-failure.c';

test('a lock that the first injection leaks is not reported again after the second', () => {
  const source = new DiskSource(join(import.meta.dirname, '../../../media/sample-kernel'));
  const text = source.read(PATH) ?? '';
  const edited = text.replace(
    '\ti_mmap_unlock_read(mapping);',
    '\tstatic int calls;\n\tif (calls++ > 0)\n\t\ti_mmap_unlock_read(mapping);',
  );
  expect(edited).not.toBe(text);
  const preset = findPreset('single-owner');
  if (preset === undefined) throw new Error('there is no such preset');
  const parsed = parseScenario({ ...preset, steps: [...preset.steps, ...preset.steps] });
  if (parsed.kind !== 'ok') throw new Error('a preset is not valid');
  const session = new TraceSession({ source: new OverlaySource(source, new Map([[PATH, edited]])) });
  const result = session.run(parsed.value, { all: false });
  expect(result?.injections.map(({ result: end }) => end.kind)).toEqual(['returned', 'returned']);
  const leaks = result?.verdict.violations.filter(({ law }) => law === 4);
  expect(leaks?.map(({ injection }) => injection)).toEqual([1]);
});
