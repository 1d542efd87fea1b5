// Configuration, Kbuild flags and generated headers of a kernel tree.

import { describe, expect, test } from 'vitest';
import { OverlaySource } from '../../../src/core/source/file-source.ts';
import { chooseConfig } from '../../../src/core/preprocessor/kernel/choose-config.ts';
import { autoconf, parseConfig } from '../../../src/core/preprocessor/kernel/config.ts';
import { Kbuild } from '../../../src/core/preprocessor/kernel/kbuild.ts';
import { KernelPreprocessor } from '../../../src/core/preprocessor/kernel/kernel-preprocessor.ts';
import { timeconst } from '../../../src/core/preprocessor/kernel/timeconst.ts';

const tree = (files: Record<string, string>): OverlaySource =>
  new OverlaySource({ read: () => undefined, exists: () => false, list: () => [] }, new Map(Object.entries(files)));

describe('configuration', () => {
  test('y, m, numbers and strings become macros; n and "is not set" do not', () => {
    const { config } = parseConfig('c', 'CONFIG_A=y\nCONFIG_B=m\nCONFIG_C=0x10\nCONFIG_D="a b"\n# CONFIG_E is not set\nCONFIG_F=n\n');
    expect(autoconf(config)).toBe('#define CONFIG_A 1\n#define CONFIG_B_MODULE 1\n#define CONFIG_C 0x10\n#define CONFIG_D "a b"\n');
  });
  test('a configuration without FS_DAX says what is lost, with the line', () => {
    const { warnings } = parseConfig(
      '.config',
      'CONFIG_MEMORY_FAILURE=y\nCONFIG_ZONE_DEVICE=y\nCONFIG_DAX=y\n# CONFIG_FS_DAX is not set\n',
    );
    expect(warnings).toMatchObject([{ option: 'FS_DAX', line: 4 }]);
    expect(warnings[0]?.message).toContain('CONFIG_FS_DAX is not set in .config');
  });
  test('a broken line is reported and the rest is used', () => {
    const { config, warnings } = parseConfig('c', 'CONFIG_A=maybe\nhello\nCONFIG_B=y\n');
    expect(warnings.map((w) => w.line).filter((line) => line > 0)).toEqual([1, 2]);
    expect(config.options.get('B')).toBe('y');
  });
  test('without any .config the built-in profile enables the whole path', () => {
    const { config, warnings } = chooseConfig(tree({ Makefile: 'VERSION = 6\nPATCHLEVEL = 12\n' }));
    expect(warnings).toEqual([]);
    expect(['MEMORY_FAILURE', 'FS_DAX', 'ZONE_DEVICE', 'SPARSEMEM_VMEMMAP'].map((o) => config.options.get(o))).toEqual([
      'y',
      'y',
      'y',
      'y',
    ]);
    expect(config.options.get('XFS_FS')).toBe('m');
  });
});

describe('plain char', () => {
  const text = '#ifdef __CHAR_UNSIGNED__\nint is_unsigned;\n#else\nint is_signed;\n#endif\n';
  const namesFor = (makefile: string): string[] => {
    const files = tree({ Makefile: makefile, 'fs/a.c': text });
    const unit = new KernelPreprocessor(files, parseConfig('c', '').config).preprocess('fs/a.c');
    return unit === undefined ? [] : Array.from({ length: unit.tokens.length }, (_, i) => unit.tokens.spelling(i));
  };
  test('is unsigned for #if where the top Makefile says so', () => {
    expect(namesFor('KBUILD_CFLAGS += -funsigned-char\n')).toContain('is_unsigned');
    expect(namesFor('KBUILD_CFLAGS += -fno-common\n')).toContain('is_signed');
  });
});

describe('Kbuild', () => {
  const { config } = parseConfig('c', 'CONFIG_XFS_FS=m\nCONFIG_DM=y\nCONFIG_QUOTA=y\n');
  const kbuild = new Kbuild(
    tree({
      'fs/xfs/Makefile':
        'ccflags-y += -I $(srctree)/$(src) -I $(srctree)/$(src)/libxfs\nobj-$(CONFIG_XFS_FS) += xfs.o\nxfs-y += $(addprefix libxfs/, \\\n  xfs_rmap.o)\nxfs-$(CONFIG_QUOTA) += xfs_dquot.o # quota\nxfs-$(CONFIG_SCRUB) += scrub/agheader.o\n',
      'drivers/md/Makefile':
        'dm-mod-y += dm.o dm-table.o\nobj-$(CONFIG_DM) += dm-mod.o\nifeq ($(CONFIG_DM),y)\nCFLAGS_dm.o += -DEXTRA=2\nelse\nCFLAGS_dm.o += -DOTHER\nendif\n',
      'drivers/gpu/Kbuild':
        'ccflags-y := -I $(srctree)/$(src)/include\ninclude $(src)/display/Kbuild\ninclude $(src)/Kbuild\ngpu-y += $(gpu-display-y)\nobj-$(CONFIG_DM) += gpu.o\n',
      'drivers/gpu/display/Kbuild': 'gpu-display-y += display/overlay.o\n',
    }),
    config,
  );
  test('an object listed below its folder gets the flags and name of the module', () => {
    expect(kbuild.facts('fs/xfs/libxfs/xfs_rmap.c')).toEqual({
      modname: 'xfs',
      module: true,
      folders: ['fs/xfs', 'fs/xfs/libxfs'],
      definitions: [],
    });
    expect(kbuild.facts('fs/xfs/xfs_dquot.c').module).toBe(true);
  });
  test('a part of a built-in composite is no module but has its name', () => {
    expect(kbuild.facts('drivers/md/dm.c')).toEqual({
      modname: 'dm-mod',
      module: false,
      folders: [],
      definitions: [{ name: 'EXTRA', body: '2' }],
    });
  });
  test('a Makefile that another one includes speaks for the folder that includes it, and may include itself', () => {
    expect(kbuild.facts('drivers/gpu/display/overlay.c')).toEqual({
      modname: 'gpu',
      module: false,
      folders: ['drivers/gpu/include'],
      definitions: [],
    });
  });
  test('a folder with .. keeps its spelling, which __FILE__ shows', () => {
    const files = { 'drivers/a/Makefile': 'ccflags-y := -I$(srctree)/$(src)/../b -I../outside\nobj-y += x.o\n' };
    expect(new Kbuild(tree(files), config).facts('drivers/a/x.c').folders).toEqual(['drivers/a/../b']);
  });
  test('a file that the configuration leaves out still finds its headers', () => {
    expect(kbuild.facts('fs/xfs/scrub/agheader.c').folders).toEqual(['fs/xfs', 'fs/xfs/libxfs']);
  });
});

describe('generated headers', () => {
  test('time constants for 250 ticks a second', () => {
    const text = timeconst(250n);
    for (const line of [
      'HZ_TO_MSEC_SHR32 29',
      'MSEC_TO_HZ_ADJ32 U64_C(0x180000000)',
      'USEC_TO_HZ_MUL32 U64_C(0x83126E98)',
      'USEC_TO_HZ_ADJ32 U64_C(0x7FF7CED9168)',
      'NSEC_TO_HZ_DEN 4000000',
    ]) {
      expect(text).toContain(`#define ${line}\n`);
    }
  });
  const files = {
    Makefile: 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 300\nEXTRAVERSION = -rc1\n',
    '.config': 'CONFIG_SMP=y\n',
    'arch/x86/include/asm/Kbuild': 'generic-y += early.h\n',
    'include/asm-generic/Kbuild': 'mandatory-y += bug.h\n',
    'include/asm-generic/early.h': 'early',
    'include/asm-generic/bug.h': 'bug',
    'include/linux/kconfig.h': '#include <generated/autoconf.h>\n',
    'include/linux/kbuild.h': '#define DEFINE(sym, val) asm volatile("\\n.ascii \\"->" #sym " %0 " #val "\\"" : : "i" (val))\n',
    'kernel/bounds.c':
      '#include <linux/kbuild.h>\nenum pageflags { PG_a, PG_b = 1 << 2, PG_c, __NR_PAGEFLAGS };\ntypedef struct { union { struct raw { unsigned int lock; } r; struct { char pad[3]; }; }; void *map[2]; } spinlock_t;\nint main(void) { DEFINE(NR_PAGEFLAGS, __NR_PAGEFLAGS); DEFINE(BITS, __builtin_constant_p(5) ? (5 < 2 ? 0 : 63 - __builtin_clzll(5)) + 1 : slow(5)); DEFINE(SPINLOCK_SIZE, sizeof(spinlock_t)); return 0; }\n',
    'syscalls.c': '#include <asm/unistd_64.h>\n#include <asm/syscalls_64.h>\n__NR_b __NR_syscalls',
    'arch/x86/entry/syscalls/syscall_64.tbl': '# comment\n0\tcommon\ta\tsys_a\n2\t64\tb\tsys_b\n512\tx32\tc\tsys_c\n',
    'a.c':
      '#include <generated/bounds.h>\n#include <linux/version.h>\n#include <asm/early.h>\n#include <asm/bug.h>\nNR_PAGEFLAGS BITS SPINLOCK_SIZE LINUX_VERSION_CODE CONFIG_SMP KBUILD_MODNAME __x86_64__',
  };
  const source = tree(files);
  const kernel = new KernelPreprocessor(source, chooseConfig(source).config);
  const text = (path: string): string | undefined => kernel.preprocess(path)?.tokens.text(0, 99);
  test('bounds are computed, the version is cut at 255, asm wrappers lead to asm-generic', () => {
    expect(text('a.c')).toBe('early bug 6 3 24 393727 1 "a" 1');
  });
  test('system call tables keep their holes', () => {
    expect(text('syscalls.c')).toBe('__SYSCALL ( 0 , sys_a ) __SYSCALL ( 1 , sys_ni_syscall ) __SYSCALL ( 2 , sys_b ) 2 3');
  });
  test('a file that does not exist gives no unit', () => {
    expect(kernel.preprocess('none.c')).toBeUndefined();
  });
});
