// Answers of the source view after edits are those of a fresh session, although most of what was read is kept.
import { describe, expect, it } from 'vitest';
import { openTexts } from '../source/memory-tree.ts';

const start: Readonly<Record<string, string>> = {
  'include/linux/api.h': '#define do_it(x) first(x)\nstruct api { int (*run)(int); };\n',
  'include/linux/more.h': '#define do_more(x) third(x)\n',
  'mm/a.c': '#include <linux/api.h>\nint top(struct api *a)\n{\n\tdo_more(2);\n\ta->run(1);\n\treturn do_it(1);\n}\n',
  'mm/b.c':
    '#include <linux/api.h>\nint first(int a)\n{\n\treturn a;\n}\nint second(int a)\n{\n\treturn a;\n}\nstatic int ran(int a)\n{\n\treturn a;\n}\nstruct api table = {\n\t.run = ran,\n};\n',
  'mm/c.c': 'int third(int a)\n{\n\treturn a;\n}\n',
};

const edits: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a macro of a header': { 'include/linux/api.h': '#define do_it(x) second(x)\nstruct api { int (*run)(int); };\n' },
  'a macro that moves': { 'include/linux/api.h': '\n\n#define do_it(x) second(x)\nstruct api { int (*run)(int); };\n' },
  'an include line more': {
    'mm/a.c':
      '#include <linux/api.h>\n#include <linux/more.h>\nint top(struct api *a)\n{\n\tdo_more(2);\n\ta->run(1);\n\treturn do_it(1);\n}\n',
  },
  'an include line of a header': {
    'include/linux/api.h': '#include <linux/more.h>\n#define do_it(x) first(x)\nstruct api { int (*run)(int); };\n',
  },
  'another function in a slot': {
    'mm/b.c': 'int first(int a)\n{\n\treturn a;\n}\nstruct api table = {\n\t.run = first,\n};\n',
  },
  'a new file': { 'mm/d.c': 'struct api other = {\n\t.run = third,\n};\n' },
  'a header that appears': {
    'include/linux/new.h': '#define do_more(x) second(x)\n',
    'mm/a.c': '#include <linux/new.h>\n#include <linux/api.h>\nint top(struct api *a)\n{\n\tdo_more(2);\n\treturn do_it(1);\n}\n',
  },
};

const graph = { callers: false, depth: 3 };

describe('edits of the source view', () => {
  it.each(Object.entries(edits))('%s: the same answers as a fresh session', async (_what, texts) => {
    const session = await openTexts(start);
    session.calls('top', graph);
    for (const [path, text] of Object.entries(texts)) session.setText(path, text);
    const fresh = await openTexts({ ...start, ...texts });
    expect(session.calls('top', graph)).toEqual(fresh.calls('top', graph));
    expect(session.contract('top')).toEqual(fresh.contract('top'));
  });

  it.each(Object.entries(edits))('%s taken back: the answers from before', async (_what, texts) => {
    const session = await openTexts(start);
    const before = session.calls('top', graph);
    for (const [path, text] of Object.entries(texts)) session.setText(path, text);
    session.calls('top', graph);
    for (const path of Object.keys(texts)) session.setText(path, null);
    expect(session.calls('top', graph)).toEqual(before);
  });
});
