// Half a tree: what a trace lacks is named, with the file that asks for it.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TraceSession } from '../../../src/core/session/trace-session.ts';
import type { FileSource } from '../../../src/core/source/file-source.ts';
import { DiskSource } from '../../../src/node/disk-source.ts';

const sample = new DiskSource(join(import.meta.dirname, '../../../media/sample-kernel'));

function without(gone: string): FileSource {
  return {
    read: (path) => (path === gone ? undefined : sample.read(path)),
    exists: (path) => path !== gone && sample.exists(path),
    list: (path) => sample.list(path).filter((name) => join(path, name) !== gone),
  };
}

function reasonWithout(gone: string): string {
  const session = new TraceSession({ source: without(gone), base: without(gone), name: '/src/linux' });
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
});
