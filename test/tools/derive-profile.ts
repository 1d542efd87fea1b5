// Writes the built-in kernel configuration profile: distribution configs cut down to the options that the trees' sources mention.
// Usage: node test/tools/derive-profile.ts OLD_TREE OLD_CONFIG NEW_TREE NEW_CONFIG > src/core/preprocessor/profile/debian.ts

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../src/core/preprocessor/kernel/config.ts';

/** Folders whose headers, sources and Makefiles decide which options matter. */
const folders = [
  'include',
  'arch/x86/include',
  'arch/x86/kernel',
  'arch/x86/mm',
  'mm',
  'kernel',
  'lib',
  'block',
  'fs/xfs',
  'fs/ext4',
  'fs/ext2',
  'fs/iomap',
  'fs/erofs',
  'fs/fuse',
  'fs/jbd2',
  'fs/quota',
  'fs/crypto',
  'fs/verity',
  'drivers/md',
  'drivers/nvdimm',
  'drivers/dax',
  'drivers/acpi/nfit',
  'drivers/acpi/apei',
  'drivers/base',
  'drivers/cxl',
  'drivers/ras',
  'drivers/edac',
];

function collect(path: string, deep: boolean, into: Set<string>): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const full = join(path, entry.name);
    if (entry.isDirectory()) {
      if (deep) collect(full, true, into);
    } else if (/\.[ch]$|^Makefile$|^Kbuild$/.test(entry.name)) {
      for (const match of readFileSync(full, 'utf8').matchAll(/\bCONFIG_(\w+)/g)) {
        const name = match[1] ?? '';
        into.add(name);
        into.add(name.replace(/_MODULE$/, ''));
      }
    }
  }
}

const [oldTree = '', oldConfig = '', newTree = '', newConfig = ''] = process.argv.slice(2);
const mentioned = new Set<string>();
for (const tree of [oldTree, newTree]) {
  for (const folder of folders) collect(join(tree, folder), true, mentioned);
  collect(join(tree, 'fs'), false, mentioned);
}
const load = (path: string): Map<string, string> => {
  const { config } = parseConfig(path, readFileSync(path, 'utf8'));
  return new Map(
    [...config.options].filter(([name]) => mentioned.has(name) && name !== 'CC_VERSION_TEXT').sort(([a], [b]) => (a < b ? -1 : 1)),
  );
};
const before = load(oldConfig);
const after = load(newConfig);
const common = new Map([...before].filter(([name, value]) => after.get(name) === value));

function constant(name: string, comment: string, options: ReadonlyMap<string, string>): string {
  const words = [...options].map(([option, value]) => (value === 'y' ? option : `${option}=${value}`));
  let text = `/** ${comment} */\nexport const ${name} = String.raw\`\n`;
  let line = '';
  for (const word of words) {
    if (line.length + word.length > 128) {
      text += `${line.trimEnd()}\n`;
      line = '';
    }
    line += `${word} `;
  }
  return `${text}${line.trimEnd()}\n\`;\n`;
}

const without = (options: ReadonlyMap<string, string>): Map<string, string> => new Map([...options].filter(([name]) => !common.has(name)));
process.stdout
  .write(`// Built-in kernel configuration: what Debian sets for amd64, cut down to the options that sources of the failure path mention.
// Made by test/tools/derive-profile.ts. A name alone means y.

${constant('commonOptions', 'Set alike for old and new trees.', common)}
${constant('olderOptions', 'Only for trees like 6.1.', without(before))}
${constant('newerOptions', 'Only for trees like 6.12.', without(after))}`);
