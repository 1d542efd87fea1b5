// Edits that no programmer would make: every trace of a mutated sample tree ends with an answer or a named refusal.
// `node test/tools/fuzz-trace.ts SEED RUNS TREE` runs more of them.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findPreset, presetList } from '../../../src/core/scenario/presets/presets.ts';
import { parseScenario } from '../../../src/core/scenario/read.ts';
import { TraceSession } from '../../../src/core/session/trace-session.ts';
import { OverlaySource } from '../../../src/core/source/file-source.ts';
import { DiskSource } from '../../../src/node/disk-source.ts';
import { mutatedFiles, Mutator } from '../../tools/mutate.ts';

test('a hundred mutated trees give answers or named refusals', () => {
  const source = new DiskSource(join(import.meta.dirname, '../../../media/sample-kernel'));
  const texts = new Map<string, string>();
  const session = new TraceSession({ source: new OverlaySource(source, texts) });
  const presets = presetList();
  const random = new Mutator(2026);
  const ends = new Set<string>();
  for (let run = 0; run < 100; run++) {
    const path = mutatedFiles[random.below(mutatedFiles.length)] ?? '';
    const parsed = parseScenario(findPreset(presets[random.below(presets.length)]?.name ?? ''));
    if (parsed.kind !== 'ok') throw new Error('a preset is not valid');
    texts.set(path, random.mutate(source.read(path) ?? ''));
    session.changed(path);
    const result = session.run(parsed.value, { all: false });
    const last = result?.injections.at(-1)?.result;
    ends.add(last?.kind ?? 'none');
    if (last?.kind === 'limit' || last?.kind === 'unknown') expect(last.reason).not.toBe('');
    texts.delete(path);
    session.changed(path);
  }
  expect([...ends].sort()).toEqual(['limit', 'oops', 'returned', 'unknown']);
}, 300_000);
