// Half a tree: what a trace lacks is named, with the file that asks for it.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TraceSession } from '../../../src/core/session/trace-session.ts';
import type { FileSource } from '../../../src/core/source/file-source.ts';
import { DiskSource } from '../../../src/node/disk-source.ts';

const sample = new DiskSource(join(import.meta.dirname, '../../../media/sample-kernel'));

/** The sample with other answers for some paths. */
function sampleWith(changes: ReadonlyMap<string, string | undefined>): FileSource {
  return {
    read: (path) => (changes.has(path) ? changes.get(path) : sample.read(path)),
    exists: (path) => (changes.has(path) ? changes.get(path) !== undefined : sample.exists(path)),
    list: (path) => sample.list(path),
  };
}

function reasonWithout(gone: string): string {
  const session = new TraceSession({ source: sampleWith(new Map([[gone, undefined]])), name: '/src/linux' });
  const answer = session.trace({ scenario: { kind: 'preset', name: 'reflinked-pair' } });
  if (answer.kind !== 'result') return answer.kind === 'refused' ? answer.message : answer.kind;
  const { verdict } = answer.result;
  return verdict.kind === 'unknown' ? verdict.reasons.join('; ') : verdict.kind;
}

describe('a tree that lacks a file', () => {
  it('is refused by name when it is no kernel tree at all', () => {
    expect(reasonWithout('mm/memory-failure.c')).toBe('/src/linux is no kernel tree: it has no mm/memory-failure.c');
  });

  it('names a header and the line that includes it', () => {
    expect(reasonWithout('include/linux/memremap.h')).toMatch(
      /^the world could not be built: \S+\.[ch]:\d+: linux\/memremap\.h: no such file/,
    );
  });

  it('is answered when a variable is gone that only we look at', () => {
    const path = 'mm/memory-failure.c';
    const text = (sample.read(path) ?? '').replace(
      /^int sysctl_memory_failure_early_kill.*$/m,
      'extern int sysctl_memory_failure_early_kill;',
    );
    const source = sampleWith(new Map([[path, text]]));
    const answer = new TraceSession({ source, base: sample }).trace({ scenario: { kind: 'preset', name: 'reflinked-pair' } });
    expect(answer).toMatchObject({ kind: 'result', result: { verdict: { kind: 'unknown' } } });
    expect(JSON.stringify(answer)).toContain('sysctl_memory_failure_early_kill');
  });
});
