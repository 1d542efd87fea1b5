// Contracts: units from conversions, types, members, callees and callers; result codes; conflicts; hovers.
import { describe, expect, it } from 'vitest';
import type { SourceSession } from '../../../src/core/session/source-session.ts';
import { headers } from '../source/dax-headers.ts';
import { caretsOf, openTexts } from '../source/memory-tree.ts';

const pmem = `#include <linux/dax.h>
#include <linux/memremap.h>
struct pmem_device { phys_addr_t phys_addr; phys_addr_t data_offset; struct dax_device *dax_dev; };

static int pmem_pagemap_memory_failure(struct dev_pagemap *pgmap, unsigned long pfn, unsigned long nr_pages, int mf_flags)
{
	struct pmem_device *pmem = container_of(pgmap, struct pmem_device, pgmap);
	u64 offset = PFN_PHYS(pfn) - pmem->phys_addr - pmem->data_offset;
	u64 len = nr_pages << PAGE_SHIFT;

	return dax_holder_notify_failure(pmem->dax_dev, offset, len, mf_flags);
//	       ^^^^^^^^^^^^^^^^^^^^^^^^^ dax_holder_notify_failure()
//	                                                ^^^^^^ offset: bytes
//	                                                        ^^^ len: bytes
}
const struct dev_pagemap_ops fsdax_pagemap_ops = {
	.memory_failure = pmem_pagemap_memory_failure,
};
`;
const xfs = `#include <linux/dax.h>
static int xfs_ddev(struct xfs_mount *mp, xfs_daddr_t daddr, xfs_daddr_t bblen)
{
	return -EFSCORRUPTED;
}
static int xfs_dax_notify_failure(struct dax_device *dax_dev, u64 offset, u64 len, int mf_flags)
{
	struct xfs_mount *mp = dax_holder(dax_dev);
	if (!mp)
		return -EIO;
	return xfs_ddev(mp, BTOBB(offset), BTOBB(len));
//	                          ^^^^^^ offset: bytes, from byte 0 of the dax_device
//	                                         ^^^ len: bytes
}
const struct dax_holder_operations xfs_dax_holder_operations = {
	.notify_failure = xfs_dax_notify_failure,
};
`;
const mm = `#include <linux/memremap.h>
static int mf_generic(unsigned long pfn, int flags)
{
	return -EBUSY;
}
int memory_failure_dev_pagemap(unsigned long pfn, int flags, struct dev_pagemap *pgmap)
{
	int rc = pgmap->ops->memory_failure(pgmap, pfn, 1, flags);
//	                     ^^^^^^^^^^^^^^ dev_pagemap_ops.memory_failure (slot)
//	                                           ^^^ pfn: page frame number (position in pages), from physical address 0

	if (rc != -EOPNOTSUPP)
		return rc;
	return mf_generic(pfn, flags);
}
`;
const tree = { ...headers, 'drivers/nvdimm/pmem.c': pmem, 'fs/xfs/xfs.c': xfs, 'mm/mf.c': mm };

const units = (session: SourceSession, name: string): string[] =>
  session.contract(name)?.parameters.map((p) => `${p.name} ${p.unit}`) ?? [];

describe('a contract', () => {
  it('follows conversions in the body', async () => {
    const session = await openTexts(tree);
    expect(units(session, 'pmem_pagemap_memory_failure')).toEqual(['pgmap pointer', 'pfn pfn', 'nr_pages pages', 'mf_flags flags']);
    expect(units(session, 'xfs_dax_notify_failure')).toEqual(['dax_dev pointer', 'offset bytes', 'len bytes', 'mf_flags flags']);
    expect(units(session, 'xfs_ddev')).toEqual(['mp pointer', 'daddr sectors512', 'bblen sectors512']);
    session.dispose();
  });

  it('passes through a function that only hands values on', async () => {
    const session = await openTexts(tree);
    expect(units(session, 'dax_holder_notify_failure')).toEqual(['dax_dev pointer', 'off bytes', 'len bytes', 'mf_flags flags']);
    session.dispose();
  });

  it('of a slot joins its implementations and its callers', async () => {
    const session = await openTexts(tree);
    const c = session.contract('dev_pagemap_ops.memory_failure');
    expect(c?.parameters.map((p) => p.unit)).toEqual(['pointer', 'pfn', 'pages', 'flags']);
    expect(c?.related).toEqual(['pmem_pagemap_memory_failure']);
    expect(c?.parameters[1]?.evidence[0]).toMatchObject({ file: 'drivers/nvdimm/pmem.c', line: 8 });
    session.dispose();
  });

  it('tells what each return code makes the caller do', async () => {
    const session = await openTexts(tree);
    const codes = session.contract('pmem_pagemap_memory_failure')?.returns.codes.map((c) => `${c.code}: ${c.meaning}`);
    expect(codes).toContain('-ENXIO: returned');
    expect(codes).toContain('-EOPNOTSUPP: memory_failure_dev_pagemap: goes on with return mf_generic(pfn, flags);');
    expect(codes).toContain('other than -EOPNOTSUPP: memory_failure_dev_pagemap: does return rc;');
    session.dispose();
  });

  it('of nothing is undefined', async () => {
    const session = await openTexts(tree);
    expect(session.contract('no_such')).toBeUndefined();
    expect(session.contract('no_such.slot')).toBeUndefined();
    session.dispose();
  });
});

describe('a conflict', () => {
  it.each([
    [
      'pages passed as bytes',
      'drivers/nvdimm/pmem.c',
      'offset, len, mf_flags)',
      'offset, nr_pages, mf_flags)',
      'pmem_pagemap_memory_failure',
      'nr_pages counts pages',
    ],
    [
      'bytes passed as sectors',
      'fs/xfs/xfs.c',
      'BTOBB(offset), BTOBB(len)',
      'BTOBB(offset), offset',
      'xfs_dax_notify_failure',
      'offset counts bytes',
    ],
  ])('is reported for %s', async (_, path, from, to, name, what) => {
    const session = await openTexts(tree);
    session.setText(path, tree[path as keyof typeof tree].replace(from, to));
    expect(
      session
        .contract(name)
        ?.conflicts.map((c) => c.what)
        .join(),
    ).toContain(what);
    session.dispose();
  });

  it('is not reported for correct code', async () => {
    const session = await openTexts(tree);
    for (const name of ['pmem_pagemap_memory_failure', 'xfs_dax_notify_failure', 'dax_holder_notify_failure', 'memory_failure_dev_pagemap'])
      expect(session.contract(name)?.conflicts).toEqual([]);
    session.dispose();
  });
});

describe('a hover', () => {
  it.each(['drivers/nvdimm/pmem.c', 'fs/xfs/xfs.c', 'mm/mf.c'] as const)('in %s says what the carets say', async (path) => {
    const session = await openTexts(tree);
    for (const caret of caretsOf(tree[path]))
      expect(`${caret.token} ${session.hover(path, caret.line, caret.column)?.title ?? 'nothing'}`).toBe(`${caret.token} ${caret.says}`);
    session.dispose();
  });

  const linesAt = async (path: keyof typeof tree, text: string, word: string): Promise<readonly string[]> => {
    const session = await openTexts(tree);
    const lines = tree[path].split('\n');
    const line = lines.findIndex((candidate) => candidate.includes(text));
    const said = session.hover(path, line + 1, (lines[line]?.indexOf(word) ?? 0) + 1);
    session.dispose();
    return said === undefined ? [] : [said.title, ...said.lines];
  };

  it('on a function says what each caller does for which code', async () => {
    const lines = await linesAt('drivers/nvdimm/pmem.c', 'pmem_pagemap_memory_failure(', 'pmem_pagemap_memory_failure');
    expect(lines).toContain('- what callers do with it');
    expect(lines.filter((line) => line.startsWith('  - memory_failure_dev_pagemap: '))).toHaveLength(1);
    expect(lines.join('\n')).toMatch(/memory_failure_dev_pagemap: .*on anything but `-EOPNOTSUPP` does `[^`]+`/);
  });

  it('on a parameter lists its evidence, one line each', async () => {
    const [, ...lines] = await linesAt('drivers/nvdimm/pmem.c', 'PFN_PHYS(pfn)', 'pfn');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => line !== '' && !line.startsWith('- ') && !line.startsWith('argument '))).toEqual([]);
  });

  it('on a conversion of the headers says what it takes and gives', async () => {
    expect(await linesAt('fs/xfs/xfs.c', 'BTOBB(offset)', 'BTOBB')).toEqual([
      'BTOBB()',
      '- takes bytes (argument 1)',
      '- gives 512-byte sectors',
    ]);
  });

  it('on a blank says nothing', async () => {
    const session = await openTexts(tree);
    expect(session.hover('mm/mf.c', 1, 1)).toBeUndefined();
    expect(session.hover('mm/none.c', 1, 1)).toBeUndefined();
    session.dispose();
  });
});

describe('lenses', () => {
  it('stand on tables, on functions in slots and on dispatches, and lead to places', async () => {
    const session = await openTexts(tree);
    const lenses = session.lenses('drivers/nvdimm/pmem.c');
    expect(lenses.map((l) => `${l.line} ${l.kind} ${l.title}`)).toEqual([
      '5 trace Trace memory_failure through this',
      '5 slots in fsdax_pagemap_ops.memory_failure',
      '5 dispatches called through the slot from 1 place',
      '16 trace Trace memory_failure through this',
      '16 slots 1 implementation',
    ]);
    expect(session.lenses('mm/mf.c').map((l) => `${l.line} ${l.title}`)).toContain('8 1 implementation of memory_failure');
    session.dispose();
  });
});

describe('the flow of a value', () => {
  const codesOf = async (text: string, name: string): Promise<string[]> => {
    const session = await openTexts({ 'mm/flow.c': text });
    const codes = session.contract(name)?.returns.codes.map((code) => `${code.code}: ${code.meaning}`) ?? [];
    session.dispose();
    return codes;
  };

  it('ends where the variable is written again, and follows goto', async () => {
    const text = `static int first(int x) { if (x) return -EIO; return 0; }
static int second(int x) { if (x) return -EBUSY; return 0; }
int both(int x)
{
	int rc = -EINVAL;

	if (x > 3) {
		rc = first(x);
		goto out;
	}
	rc = second(x);
	if (!rc)
		return 1;
	rc = 0;
out:
	return rc;
}
`;
    expect(await codesOf(text, 'first')).toEqual(['-EIO: returned', '0: returned', 'any: both: returned as rc']);
    expect(await codesOf(text, 'second')).toEqual(['-EBUSY: returned', '0: returned', '0: both: does return 1;']);
    expect(await codesOf(text, 'both')).toEqual(['-EIO: returned', '0: returned']);
  });

  it('goes round loops and through a switch', async () => {
    const text = `static int step(int x) { return x ? -EAGAIN : 0; }
int retry(int x)
{
	int rc = 0, last = -ENOMEM;

	while (x--) {
		switch (rc) {
		case -EAGAIN:
			continue;
		default:
			break;
		}
		rc = step(x);
	}
	last = x;
	return last;
}
`;
    expect(await codesOf(text, 'step')).toEqual(['-EAGAIN: returned', '0: returned', '-EAGAIN: retry: case -EAGAIN']);
    expect(await codesOf(text, 'retry')).toEqual([]);
  });

  it('says how a result is used that is neither tested nor handed on', async () => {
    const text = `static long first_of(long x) { return x + 1; }
int inside(long y) { return y >= first_of(y); }
long passed(long y) { return inside(first_of(y)); }
int tested(long y) { if (first_of(y) < 0) return 1; return 2; }
`;
    expect(await codesOf(text, 'first_of')).toEqual(['any: inside: decides return y >= first_of(y);', 'negative: tested: does return 1;']);
  });
});

describe('units that types and macros blur', () => {
  const unitsIn = async (text: string, name: string): Promise<string[]> => {
    const session = await openTexts({ ...headers, 'drivers/nvdimm/blur.c': text });
    const contract = session.contract(name);
    session.dispose();
    return [...(contract?.parameters.map((p) => `${p.name} ${p.unit}`) ?? []), `returns ${contract?.returns.unit ?? ''}`];
  };

  it('keep positions, counts and offsets apart', async () => {
    const text = `#include <linux/dax.h>
struct pmem_device { phys_addr_t phys_addr; phys_addr_t data_offset; size_t size; };
static long access(struct pmem_device *pmem, pgoff_t pgoff, long nr_pages)
{
	phys_addr_t offset = PFN_PHYS(pgoff) + pmem->data_offset;
	if (bad(offset, PFN_PHYS(nr_pages)))
		return -EIO;
	return PHYS_PFN(pmem->size - pmem->data_offset);
}
static phys_addr_t to_offset(struct pmem_device *pmem, sector_t sector) { return (sector << SECTOR_SHIFT) + pmem->data_offset; }
static void mark(phys_addr_t offset, unsigned int len) { clear(PHYS_PFN(offset), PHYS_PFN(len)); }
static void unmap(struct address_space *mapping, pgoff_t index) { loff_t start = index << PAGE_SHIFT; zap(mapping, start); }
`;
    expect(await unitsIn(text, 'access')).toEqual(['pmem pointer', 'pgoff pageIndex', 'nr_pages pages', 'returns pages']);
    expect(await unitsIn(text, 'to_offset')).toEqual(['pmem pointer', 'sector sectors512', 'returns bytes']);
    expect(await unitsIn(text, 'mark')).toEqual(['offset bytes', 'len bytes', 'returns unknown']);
    expect(await unitsIn(text, 'unmap')).toEqual(['mapping pointer', 'index pageIndex', 'returns unknown']);
  });

  it('are not taken from a test of a flag, and an enum is no errno', async () => {
    const text = `#include <linux/dax.h>
static void kill_all(int force, enum result how) { use(force, how); }
void caller(int flags) { int res = -EBUSY; kill_all(flags & MF_MUST_KILL, res); }
`;
    expect(await unitsIn(text, 'kill_all')).toEqual(['force unknown', 'how unknown', 'returns unknown']);
  });
});
