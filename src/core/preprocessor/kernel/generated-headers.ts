// Headers that a build would generate, made in memory from the tree and the configuration.

import type { FileSource } from '../../source/file-source.ts';
import { autoconf, type KernelConfig } from './config.ts';
import { syscallHeaders } from './syscall-headers.ts';
import { timeconst } from './timeconst.ts';

const asmFolder = 'arch/x86/include/generated/asm';
const uapiFolder = 'arch/x86/include/generated/uapi/asm';

/** What the computed bounds header needs; see bounds.ts. */
export type BoundsText = () => string;

/** All headers by path; each text is made when it is first read. */
export function generatedHeaders(tree: FileSource, config: KernelConfig, bounds: BoundsText): Map<string, () => string> {
  const headers = new Map<string, () => string>();
  const version = treeVersion(tree);
  headers.set('include/generated/autoconf.h', () => autoconf(config));
  headers.set('include/generated/bounds.h', bounds);
  // Only assembly reads these offsets; C includes the file for its guard at most.
  headers.set('include/generated/asm-offsets.h', () => '#ifndef __ASM_OFFSETS_H__\n#define __ASM_OFFSETS_H__\n#endif\n');
  headers.set('include/generated/timeconst.h', () => timeconst(BigInt(config.options.get('HZ') ?? '250')));
  headers.set('include/generated/utsrelease.h', () => `#define UTS_RELEASE "${version.release}"\n`);
  headers.set('include/generated/utsversion.h', () => '#define UTS_VERSION "#1 SMP"\n');
  headers.set('include/generated/compile.h', () => compileHeader());
  headers.set('include/generated/uapi/linux/version.h', () => versionHeader(version));
  for (const [folder, own] of [
    [asmFolder, 'arch/x86/include/asm'],
    [uapiFolder, 'arch/x86/include/uapi/asm'],
  ] as const) {
    const generic = folder === asmFolder ? 'include/asm-generic' : 'include/uapi/asm-generic';
    for (const name of wrappedNames(tree, own, generic)) {
      headers.set(`${folder}/${name}`, () => `#include <asm-generic/${name}>\n`);
    }
  }
  for (const [path, text] of syscallHeaders(tree, asmFolder, uapiFolder)) headers.set(path, text);
  headers.set(`${asmFolder}/xen-hypercalls.h`, () => xenHypercalls(tree));
  headers.set(`${asmFolder}/cpufeaturemasks.h`, () => cpuFeatureMasks(tree, config));
  return headers;
}

interface TreeVersion {
  readonly major: number;
  readonly patchLevel: number;
  readonly sublevel: number;
  readonly release: string;
}

/** VERSION, PATCHLEVEL, SUBLEVEL and EXTRAVERSION of the top Makefile; zeros when there is none. */
export function treeVersion(tree: FileSource): TreeVersion {
  const makefile = tree.read('Makefile') ?? '';
  const value = (name: string): string => new RegExp(`^${name} *=[ \\t]*(\\S*)`, 'm').exec(makefile)?.[1] ?? '';
  const major = Number(value('VERSION')) || 0;
  const patchLevel = Number(value('PATCHLEVEL')) || 0;
  const sublevel = Number(value('SUBLEVEL')) || 0;
  return { major, patchLevel, sublevel, release: `${major}.${patchLevel}.${sublevel}${value('EXTRAVERSION')}` };
}

/** Top Makefile, filechk_version.h: the sublevel is cut at 255. */
function versionHeader(v: TreeVersion): string {
  const code = v.major * 65536 + v.patchLevel * 256 + Math.min(v.sublevel, 255);
  return `#define LINUX_VERSION_CODE ${code}
#define KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
#define LINUX_VERSION_MAJOR ${v.major}
#define LINUX_VERSION_PATCHLEVEL ${v.patchLevel}
#define LINUX_VERSION_SUBLEVEL ${v.sublevel}
`;
}

function compileHeader(): string {
  return `#define UTS_MACHINE "x86_64"
#define LINUX_COMPILE_BY "nobody"
#define LINUX_COMPILE_HOST "nowhere"
#define LINUX_COMPILER "none"
`;
}

/** scripts/Makefile.asm-generic: generic-y, and mandatory-y that the architecture does not bring. */
function wrappedNames(tree: FileSource, own: string, generic: string): string[] {
  const kbuild = tree.read(`${own}/Kbuild`) ?? '';
  const mandatory = tree.read(`${generic}/Kbuild`) ?? '';
  const names = (text: string, variable: string): string[] =>
    [...text.matchAll(new RegExp(`^${variable}\\s*\\+?[:]?=\\s*(.*)$`, 'gm'))].flatMap((m) =>
      (m[1] ?? '').split(/\s+/).filter((n) => n !== ''),
    );
  const generated = new Set(names(kbuild, 'generated-y'));
  const wrapped = new Set(names(kbuild, 'generic-y'));
  for (const name of names(mandatory, 'mandatory-y')) {
    if (!generated.has(name) && !tree.exists(`${own}/${name}`)) wrapped.add(name);
  }
  return [...wrapped].sort();
}

/** scripts/xen-hypercalls.sh: one HYPERCALL() for each number that Xen's interface headers define. */
function xenHypercalls(tree: FileSource): string {
  const names = new Set<string>();
  for (const file of tree.list('include/xen/interface')) {
    if (!/^xen.*\.h$/.test(file)) continue;
    const text = tree.read(`include/xen/interface/${file}`) ?? '';
    for (const match of text.matchAll(/^#define[ \t]+__HYPERVISOR_(\w+)[ \t]+\S/gm)) names.add(match[1] ?? '');
  }
  return [...names]
    .sort()
    .map((name) => `HYPERCALL(${name})\n`)
    .join('');
}

/** arch/x86/tools/cpufeaturemasks.awk (v6.15 on): which feature words the configuration requires or rules out. */
function cpuFeatureMasks(tree: FileSource, config: KernelConfig): string {
  const features = tree.read('arch/x86/include/asm/cpufeatures.h') ?? '';
  const words = Number(/^#define[ \t]+NCAPINTS[ \t]+(\d+)/m.exec(features)?.[1] ?? 0);
  const place = new Map<string, number>();
  for (const match of features.matchAll(/^#define[ \t]+X86_FEATURE_(\w+)[ \t]+\([ \t]*(\d+)\*32[ \t]*\+[ \t]*(\d+)\)/gm)) {
    place.set(match[1] ?? '', Number(match[2]) * 32 + Number(match[3]));
  }
  let text = '#ifndef _ASM_X86_CPUFEATUREMASKS_H\n#define _ASM_X86_CPUFEATUREMASKS_H\n';
  for (const kind of ['REQUIRED', 'DISABLED']) {
    const masks = new Array<number>(words).fill(0);
    for (const option of config.options.keys()) {
      const name = option.startsWith(`X86_${kind}_FEATURE_`) ? option.slice(`X86_${kind}_FEATURE_`.length) : undefined;
      const bit = name === undefined ? undefined : place.get(name);
      if (bit !== undefined) masks[bit >> 5] = ((masks[bit >> 5] ?? 0) | (1 << (bit & 31))) >>> 0;
    }
    masks.forEach((mask, i) => (text += `#define ${kind}_MASK${i} 0x${mask.toString(16).padStart(8, '0')}\n`));
    text += `#define ${kind}_MASK_BIT_SET(x) ((${masks.map((_, i) => `((((x) >> 5) == ${i} && (1UL << ((x) & 31) & ${kind}_MASK${i})))`).join(' || ')}))\n`;
  }
  return `${text}#endif\n`;
}
