// Texts that would take forever end as a problem.

import { expect, test } from 'vitest';
import { unitOf } from './preprocess-text.ts';

const doubling = (body: string): string => {
  let text = `#define a0 ${body}\n`;
  for (let i = 1; i < 40; i++) text += `#define a${i} a${i - 1} a${i - 1}\n`;
  return `${text}int before;\na39\n`;
};

test('a macro that doubles forty times', () => {
  const unit = unitOf(doubling('x x'));
  expect(unit.problems.at(-1)).toMatchObject({ kind: 'limit', at: { path: 'a.c', line: 42 } });
  expect(unit.tokens.spelling(0)).toBe('int');
});
test('calls nested thousands deep in arguments', () => {
  const unit = unitOf(`#define f(x) x\n${'f('.repeat(1000)}1${')'.repeat(1000)}`);
  expect(unit.problems.at(-1)?.kind).toBe('limit');
});
test('a condition nested thousands deep', () => {
  const unit = unitOf(`#if ${'('.repeat(9000)}1${')'.repeat(9000)}\n#endif\nok`);
  expect(unit.problems[0]?.message).toBe('#if nests too deeply');
  expect(unit.tokens.spelling(0)).toBe('ok');
});
test('a file that includes itself twice', () => {
  expect(unitOf('#include "a.c"\n#include "a.c"\n').problems.at(-1)?.kind).toBe('limit');
});
