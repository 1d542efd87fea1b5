import { expect, test } from 'vitest';
import { shrink, textOf, tokensOf } from '../../tools/shrink.ts';

const program = `
int printf(const char *, ...);
static int a = 1, b;
static int other(int x) { return x + 1; }
static int wrong(int x) { int y = other(x); if (y) { b = (x ^ 0x1p+3) ? y : 3; } return x; }
int main(void) { int i; for (i = 0; i < 3; i++) { a += wrong(i); } printf("%d, %d;", a, b); return 0; }
`;

test('a program is made small around what makes it fail', () => {
  expect(shrink(program, (text) => /\bint main\b/.test(text) && text.includes('^'))).not.toMatch(/other|printf|for/);
  expect(shrink(program, (text) => text.includes('printf ("%d, %d;"') && text.includes('main'))).not.toMatch(/other|wrong|for/);
});

test('tokens keep what C reads as one', () => {
  expect(tokensOf("f(a, ...) 0x1p+3 >>= \"x ; y\" '\\'' a->b")).toEqual([
    'f',
    '(',
    'a',
    ',',
    '...',
    ')',
    '0x1p+3',
    '>>=',
    '"x ; y"',
    "'\\''",
    'a',
    '->',
    'b',
  ]);
  expect(textOf(tokensOf('int f(int a){return a;}'))).toBe('int f (int a) {\n\treturn a;\n}\n');
});
