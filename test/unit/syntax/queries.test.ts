// The queries of grammars/: every file is loaded, fits the grammar, and finds the shapes that it names.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildSourceFile } from '../../../src/core/syntax/build-source-file.ts';
import { type QueryName, queryNames } from '../../../src/core/syntax/grammar.ts';
import { loadGrammar } from '../../../src/node/grammar-files.ts';

const grammar = await loadGrammar();

/** Captures of each match as `name=text`, in order of the names. */
function found(name: QueryName, text: string, words: RegExp): string[] {
  const { file, tree } = buildSourceFile('a.c', text, grammar);
  const rows = file.find(name, words).map((captures) =>
    [...captures]
      .map(([capture, node]) => `${capture}=${node.text.replace(/\s+/g, ' ')}`)
      .sort()
      .join(' '),
  );
  tree.delete();
  return rows;
}

describe('queries', () => {
  it('are exactly the files of grammars/', () => {
    const files = readdirSync(join(import.meta.dirname, '../../../grammars')).filter((name) => name.endsWith('.scm'));
    expect(files.map((name) => name.replace('.scm', '')).sort()).toEqual([...queryNames].sort());
  });

  it('find a store to a member, and neither a compound assignment nor a comparison', () => {
    const text = 'void f(void)\n{\n\tx->ops = &t;\n\tx->ops += 1;\n\tif (x->ops == &t)\n\t\tg();\n}\n';
    expect(found('stores', text, /ops/g)).toEqual(['member=ops owner=x target=x->ops value=&t']);
  });

  it('find an object and a compound literal, and no declaration without an initialiser', () => {
    const text = 'struct o a;\nstatic const struct o b = { f };\nvoid g(void)\n{\n\th(&(struct o){ f });\n}\n';
    expect(found('ops-tables', text, /struct o\b/g)).toEqual([
      'declarator=b slots={ f } struct=o',
      'literal=(struct o){ f } slots={ f } struct=o',
    ]);
  });

  it('find an embedded initialiser by each of its members', () => {
    const text = 'static struct h a = { .ops = { .x = f, .y = g } };\n';
    expect(found('embedded-tables', text, /\.x/g)).toEqual([
      'embedded=.ops = { .x = f, .y = g } member=x slots={ .x = f, .y = g }',
      'embedded=.ops = { .x = f, .y = g } member=y slots={ .x = f, .y = g }',
    ]);
  });

  it('look only into the top-level items that have the words', () => {
    const text = 'void f(void)\n{\n\ta();\n}\nvoid g(void)\n{\n\tb();\n}\n';
    expect(found('calls', text, /\bb\(/g)).toEqual(['arguments=() callee=b']);
  });
});
