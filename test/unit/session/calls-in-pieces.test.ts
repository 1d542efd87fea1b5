// A call graph that is made in pieces: other questions in between, edits, and an end on request.
import { describe, expect, it } from 'vitest';
import { openTexts } from '../source/memory-tree.ts';

const start: Readonly<Record<string, string>> = {
  'mm/a.c': 'int top(int a)\n{\n\treturn first(a);\n}\n',
  'mm/b.c': 'int first(int a)\n{\n\treturn second(a);\n}\n',
  'mm/c.c': 'int second(int a)\n{\n\treturn a;\n}\n',
};
const changed = 'int first(int a)\n{\n\treturn third(a);\n}\n';
const graph = { callers: false, depth: 4 };

describe('a call graph in pieces', () => {
  it('is the one that is made at once', async () => {
    const session = await openTexts(start);
    const report = await session.callsInPieces('top', graph, () => Promise.resolve(true));
    expect(report).toEqual((await openTexts(start)).calls('top', graph));
  });

  it('other questions may be asked meanwhile', async () => {
    const session = await openTexts(start);
    const pause = () => Promise.resolve(session.contract('second') !== undefined && session.lenses('mm/a.c').length >= 0);
    expect(await session.callsInPieces('top', graph, pause)).toEqual(session.calls('top', graph));
  });

  it('sees an edit that arrives meanwhile', async () => {
    const session = await openTexts(start);
    let pauses = 0;
    const report = await session.callsInPieces('top', graph, () => {
      if (++pauses === 3) session.setText('mm/b.c', changed);
      return Promise.resolve(true);
    });
    expect(report).toEqual((await openTexts({ ...start, 'mm/b.c': changed })).calls('top', graph));
  });

  it('ends although somebody types on and on', async () => {
    const session = await openTexts(start);
    let pauses = 0;
    const report = await session.callsInPieces('top', graph, () => {
      session.setText('mm/c.c', `${start['mm/c.c'] ?? ''}/* ${++pauses} */\n`);
      return Promise.resolve(true);
    });
    expect(report?.edges.map((edge) => edge.callee)).toEqual(['first', 'second']);
  });

  it('ends without an answer when nobody waits any more', async () => {
    const session = await openTexts(start);
    expect(await session.callsInPieces('top', graph, () => Promise.resolve(false))).toBeUndefined();
  });
});
