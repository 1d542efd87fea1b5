// Brackets that do not match: found where the mistake is, not where the parser gives up.
import { describe, expect, test } from 'vitest';
import { firstMismatch } from '../../../src/core/session/bracket-check.ts';

describe('first mismatch', () => {
  test.each([
    ['balanced code', 'int f(int a)\n{\n\treturn g(a)[0];\n}\n', undefined],
    ['a call that is not closed', 'int f(void)\n{\n\treturn g(1, 2;\n}\n', 3],
    ['a brace too many', 'void f(void)\n{\n}\n}\n', 4],
    ['a brace too few', 'void f(void)\n{\n\tif (1) {\n}\n', 2],
    ['brackets in strings, characters and comments', 'char *s = "(";\nchar c = \'{\';\n/* ( { [ */\n// )\n', undefined],
    ['semicolons in for and in statement expressions', 'void f(void)\n{\n\tfor (;;) { g(({ int x = 1; x; })); }\n}\n', undefined],
    ['only the first branch of a conditional counts', '#ifdef A\nvoid f(int a) {\n#else\nvoid f(void) {\n#endif\n}\n', undefined],
    ['macros may be unbalanced', '#define BEGIN { \\\n\t(\nvoid f(void) { }\n', undefined],
  ])('%s', (_name, text, line) => {
    expect(firstMismatch(text)?.line).toBe(line);
  });
});
