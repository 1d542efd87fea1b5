// The mask on the files of the failure path and on a random sample of a whole tree; no function of the compiler's is lost.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildSourceFile } from '../../src/core/syntax/build-source-file.ts';
import { mask, prepare } from '../../src/core/syntax/mask.ts';
import { loadGrammar } from '../../src/node/grammar-files.ts';
import { kernelTree, sharedPath } from '../tools/kernel-tree.ts';

const tree = kernelTree('6.1');
const path = sharedPath('compiler-truth/parse/failure_path_files.txt');
const sample = sharedPath('compiler-truth/parse/sample1500.txt');
const callgraph = sharedPath('compiler-truth/callgraph/files');
const grammar = await loadGrammar();

/** Files of a list whose masked text does not parse. */
function broken(list: string): string[] {
  const bad: string[] = [];
  for (const file of readFileSync(list, 'utf8').trim().split('\n')) {
    const parsed = grammar.parse(mask(prepare(readFileSync(join(tree!, file), 'utf8'))).masked);
    if (parsed.rootNode.hasError) bad.push(file);
    parsed.delete();
  }
  return bad;
}

describe.skipIf(tree === undefined || path === undefined || sample === undefined)('the mask on linux 6.1', () => {
  it('leaves no error in the files of the failure path', () => {
    expect(broken(path!)).toEqual([]);
  });

  it('leaves errors in at most 8 of 1,500 sampled files', () => {
    expect(broken(sample!).length).toBeLessThanOrEqual(8);
  });
});

describe.skipIf(tree === undefined || callgraph === undefined)('functions of linux 6.1', () => {
  it.each(['mm/memory-failure.c', 'drivers/dax/super.c', 'drivers/nvdimm/pmem.c', 'fs/xfs/xfs_notify_failure.c', 'drivers/md/dm.c'])(
    'of %s are those of the compiler',
    (file) => {
      const rows = readFileSync(join(callgraph!, `${file.replaceAll('/', '__')}.jsonl`), 'utf8')
        .split('\n')
        .filter((l) => l !== '')
        .map((l) => JSON.parse(l) as { k: string; file: string; name: string; end: number; name_macro?: string });
      const { file: view, tree: wasm } = buildSourceFile(file, readFileSync(join(tree!, file), 'utf8'), grammar);
      const have = new Set(view.functions.map((f) => `${f.name}:${f.endLine}`));
      const wanted = rows
        .filter((r) => r.k === 'function' && r.file === file && r.name_macro === undefined)
        .map((r) => `${r.name}:${r.end}`);
      expect(wanted.filter((w) => !have.has(w))).toEqual([]);
      wasm.delete();
    },
  );
});
