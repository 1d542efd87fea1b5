// Interned texts.

import { expect, test } from 'vitest';
import { Interner } from '../../../src/base/interner.ts';

test('equal texts have one number, and the number gives the text back', () => {
  const interner = new Interner();
  const texts = Array.from({ length: 40_000 }, (_, i) => `name_${(i * 7919) % 20_000}`);
  const ids = texts.map((text) => interner.intern(text));
  expect(interner.size).toBe(20_000);
  expect(ids.every((id, i) => interner.text(id) === texts[i])).toBe(true);
});

test('a slice is found without being cut out, long and non-ASCII texts survive', () => {
  const interner = new Interner();
  const long = `"${'ä€😀'.repeat(3000)}"`;
  const id = interner.internSlice(`x${long}y`, 1, long.length + 1);
  expect(interner.find(long)).toBe(id);
  expect(interner.text(id)).toBe(long);
  expect(interner.find('absent')).toBe(-1);
});
