import { describe, expect, it } from 'vitest';
import { editable, request } from './preprocess-text.ts';

/** Texts of `b.c`, alone and after `a.c` in the same session. */
function both(texts: Record<string, string>): { alone: string; after: string } {
  const read = (paths: readonly string[]): string => {
    const session = editable(new Map(Object.entries(texts)));
    let text = '';
    for (const path of paths) {
      const unit = session.preprocess({ ...request, path });
      if (unit === undefined) throw new Error(`no ${path}`);
      const { tokens } = unit;
      text = Array.from({ length: tokens.length }, (_, i) => {
        const { path: file, line } = tokens.place(i);
        return `${tokens.spelling(i)}@${file}:${line}${tokens
          .origin(i)
          .map((o) => `/${o.macro}`)
          .join('')}`;
      }).join(' ');
    }
    return text;
  };
  return { alone: read(['b.c']), after: read(['a.c', 'b.c']) };
}

describe('a header that an earlier unit included', () => {
  const guarded = '#ifndef H\n#define H\n#include "g.h"\n#define TWICE(x) x x\nint h = TWICE(VALUE) + G;\n#endif\n';

  it('gives the same tokens, places and origins under the same macros', () => {
    const { alone, after } = both({
      'inc/h.h': guarded,
      'inc/g.h': '#define G 5\nint g;\n',
      'a.c': '#define VALUE 1\n#include "h.h"\nint a;',
      'b.c': '#define VALUE 1\n#include "h.h"\nint b = G;',
    });
    expect(after).toBe(alone);
  });

  it('is read again when a macro that it uses stands for something else', () => {
    const { alone, after } = both({
      'inc/h.h': guarded,
      'inc/g.h': '#define G 5\n',
      'a.c': '#define VALUE 1\n#include "h.h"\n',
      'b.c': '#define VALUE 2\n#include "h.h"\n',
    });
    expect(after).toBe(alone);
    expect(after).toContain('2@');
  });

  it('is read again when a macro that was not defined is defined', () => {
    const { alone, after } = both({
      'inc/h.h': '#ifdef X\nint x;\n#endif\nint f(int y);\n',
      'a.c': '#include "h.h"\n',
      'b.c': '#define y z\n#include "h.h"\n#define X\n#include "h.h"\n',
    });
    expect(after).toBe(alone);
  });

  it('continues the numbers of __COUNTER__', () => {
    const { alone, after } = both({
      'inc/h.h':
        '#define CAT_(a, b) a##b\n#define CAT(a, b) CAT_(a, b)\n#define STR_(x) #x\n#define STR(x) STR_(x)\nint CAT(u_, __COUNTER__), CAT(u_, __COUNTER__);\nchar *s = STR(__COUNTER__);\n',
      'a.c': '#include "h.h"\n',
      'b.c': 'int c = __COUNTER__;\n#include "h.h"\n#include "h.h"\nint d = __COUNTER__;\n',
    });
    expect(after).toBe(alone);
    expect(after).toContain('u_1@');
    expect(after).toContain('"6"');
    expect(after).toContain('7@b.c');
  });

  it('is skipped after #pragma once, also when its includer is copied', () => {
    const { alone, after } = both({
      'inc/once.h': '#pragma once\nint once;\n',
      'inc/h.h': '#include "once.h"\nint h;\n',
      'a.c': '#include "h.h"\n',
      'b.c': '#include "once.h"\n#include "h.h"\n#include "once.h"\n',
    });
    expect(after).toBe(alone);
  });

  it('is read again when its text or the text of a file it includes changed', () => {
    const texts = new Map(
      Object.entries({ 'inc/h.h': '#include "g.h"\n', 'inc/g.h': 'int old;\n', 'a.c': '#include "h.h"\n', 'b.c': '#include "h.h"\n' }),
    );
    const session = editable(texts);
    session.preprocess({ ...request, path: 'a.c' });
    texts.set('inc/g.h', 'int changed;\n');
    session.changed('inc/g.h');
    const unit = session.preprocess({ ...request, path: 'b.c' });
    expect(unit?.tokens.text(0, 3)).toBe('int changed ;');
  });

  it('is read again when another file would be found for one that it includes', () => {
    const session = editable(
      new Map(
        Object.entries({
          'inc/h.h': '#include <g.h>\n',
          'inc/g.h': 'int first;\n',
          'inc2/g.h': 'int second;\n',
          'a.c': '#include "h.h"\n',
        }),
      ),
    );
    const first = session.preprocess(request);
    const second = session.preprocess({ ...request, includeFolders: ['inc2', 'inc'] });
    expect(first?.tokens.spelling(1)).toBe('first');
    expect(second?.tokens.spelling(1)).toBe('second');
  });
});
