// Tokens of finished units read the same however they are laid out: whole, around a declaration, after they were let go, and in another unit.
import { describe, expect, it } from 'vitest';
import { PreprocessorSession } from '../../../src/core/preprocessor/session.ts';
import type { TokenStream } from '../../../src/core/preprocessor/token-stream.ts';
import { MemoryTree } from '../source/memory-tree.ts';

const many = Array.from({ length: 900 }, (_, i) => `static int variable_${i} = ${i} + __COUNTER__;`).join('\n');
const tree = new MemoryTree({
  'include/big.h': `#ifndef BIG_H\n#define BIG_H\n${many}\n#endif\n`,
  'a.c': '#include "include/big.h"\nint a(void) { return variable_3; }\n',
  'b.c': `int before = __COUNTER__;\n#include "include/big.h"\nint b(void) { return variable_4; }\n`,
});
const request = (path: string) => ({ path, includeFolders: [], forcedIncludes: [], definitions: [] });
const texts = ({ kind, id }: { kind: Uint8Array; id: Int32Array }, of: TokenStream, from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `${kind[from + i] ?? 0} ${of.interner.text(id[from + i] ?? 0)}`);

describe('tokens of finished units', () => {
  it('read the same around each declaration as whole', () => {
    const session = new PreprocessorSession(tree, []);
    const a = session.preprocess(request('a.c'))?.tokens;
    const b = session.preprocess(request('b.c'))?.tokens;
    if (a === undefined || b === undefined) throw new Error('a unit is missing');
    for (const unit of [b, a]) {
      const whole = texts(unit, unit, 0, unit.length);
      session.rest();
      const starts = whole.flatMap((text, i) => (text.endsWith(' static') ? [i] : []));
      expect(starts.length).toBe(900);
      for (const at of [...starts].reverse()) {
        const end = whole.findIndex((text, i) => i > at && text.endsWith(' ;'));
        expect(texts(unit.around(at), unit, at, end + 1)).toEqual(whole.slice(at, end + 1));
      }
      expect(texts(unit, unit, 0, unit.length)).toEqual(whole);
    }
  });

  it('count __COUNTER__ anew in each unit that includes the header', () => {
    const session = new PreprocessorSession(tree, []);
    const text = (path: string): string => {
      const tokens = session.preprocess(request(path))?.tokens;
      return tokens === undefined ? '' : tokens.text(0, tokens.length);
    };
    expect(text('a.c')).toContain('variable_2 = 2 + 2 ;');
    expect(text('b.c')).toContain('variable_2 = 2 + 3 ;');
    session.rest();
    expect(text('a.c')).toContain('variable_899 = 899 + 899 ;');
  });

  it('behind the last token there are end tokens only', () => {
    const session = new PreprocessorSession(tree, []);
    session.preprocess(request('a.c'));
    const b = session.preprocess(request('b.c'))?.tokens;
    expect([...(b?.kind.subarray(b.length) ?? [1])].every((kind) => kind === 0)).toBe(true);
    expect(b?.spelling(b.length)).toBe('');
  });
});
