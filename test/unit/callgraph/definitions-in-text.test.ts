// Definitions read off a text agree with those of the parser, in kernel layout.
import { describe, expect, it } from 'vitest';
import { definitionsIn } from '../../../src/core/callgraph/definitions-in-text.ts';

const all = { has: () => true };
const names = (text: string, path = 'mm/a.c'): string[] =>
  definitionsIn(path, text, all).map((d) => `${d.line} ${d.name}${d.isStatic ? ' static' : ''}${d.isConditional ? ' conditional' : ''}`);

describe('definitions in a text', () => {
  it('a body follows the parameters, a prototype has none', () => {
    expect(names('int proto(int a);\nint real(int a,\n\t int b)\n{\n\treturn proto(a);\n}\n')).toEqual(['2 real']);
  });

  it('the type may stand on the line before', () => {
    expect(names('static unsigned long\nlong_type(void)\n{\n}\n')).toEqual(['2 long_type static']);
  });

  it('annotations stand between parameters and body', () => {
    expect(names('void locked(void) __releases(&lock)\n\t__acquires(x)\n{\n}\n')).toEqual(['1 locked']);
  });

  it('a parameter may be a function', () => {
    expect(names('static void begin(void (*fn)(int))\n{\n}\n')).toEqual(['1 begin static']);
  });

  it('a system call is named like its body', () => {
    expect(names('SYSCALL_DEFINE3(madvise, unsigned long, start)\n{\n}\nCOMPAT_SYSCALL_DEFINE1(old, int, a)\n{\n}\n')).toEqual([
      '1 __do_sys_madvise',
      '4 __do_compat_sys_old',
    ]);
  });

  it('tables and calls are none', () => {
    expect(names('struct ops table = {\n\t.run = f(1),\n};\nEXPORT_SYMBOL(real);\nint v = g(1);\n')).toEqual([]);
  });

  it('stands under an #if, an include guard does not count', () => {
    const text =
      '#ifndef A_H\n#define A_H\nstatic inline void one(void) { }\n#ifdef X\nstatic inline void two(void) { f(); }\n#endif\n#endif\n';
    expect(names(text, 'include/a.h')).toEqual(['3 one static', '5 two static conditional']);
  });
});
