// Compares record layouts with what gcc wrote into DWARF. Usage: layout-truth.ts [FOLDER [VERSION CONFIG]]
// FOLDER holds .jsonl files; layout-make.ts makes more of them.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layoutReport } from '../../src/core/unit/layout-report.ts';
import type { LayoutMember } from '../../src/core/unit/layout-report.ts';
import { TranslationUnit } from '../../src/core/unit/unit.ts';
import { kernelTree, openKernel, sharedPath } from './kernel-tree.ts';

interface TruthMember {
  readonly name: string;
  readonly offset?: number;
  readonly size?: number;
  readonly bitOffset?: number;
  readonly bitSize?: number;
  readonly members?: readonly TruthMember[];
}
interface TruthRow {
  readonly type: string;
  readonly file: string;
  readonly size: number;
  readonly members: readonly TruthMember[];
}

const [folderGiven, version = '6.1', configGiven] = process.argv.slice(2);
const tree = kernelTree(version);
const folder = folderGiven ?? sharedPath('compiler-truth/layout');
const config = configGiven ?? sharedPath('compiler-truth/config-6.1');
if (tree === undefined || folder === undefined || config === undefined) {
  console.log('skipped: no tree, layouts or configuration');
  process.exit(0);
}
const kernel = openKernel(tree, config);
let rows = 0;
let different = 0;
for (const name of readdirSync(folder)
  .filter((n) => n.endsWith('.jsonl'))
  .sort()) {
  const truth = readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter((l) => l !== '')
    .map((l) => JSON.parse(l) as TruthRow);
  const [first] = truth;
  const pre = first === undefined ? undefined : kernel.preprocess(first.file);
  if (pre === undefined) continue;
  const unit = TranslationUnit.fromTokens(pre.tokens);
  for (const row of truth) {
    rows++;
    const problem = compare(row, unit);
    if (problem === undefined) continue;
    different++;
    console.log(`${row.file} ${row.type}: ${problem}`);
  }
}
console.log(`${rows} layouts, ${different} different`);
process.exitCode = different === 0 ? 0 : 1;

function compare(row: TruthRow, unit: TranslationUnit): string | undefined {
  const [entry] = layoutReport(unit, [row.type]).types;
  if (entry === undefined || 'error' in entry) return entry?.error ?? 'no answer';
  if (entry.size !== row.size) return `size ${entry.size}, gcc ${row.size}`;
  // DWARF hides the members of a qualified anonymous struct behind its const_type: such a row has a nameless part.
  const listed = flat(row.members, 0);
  const hidden = listed.filter((m) => m.name === '' && m.bitSize === undefined);
  const wanted = listed.filter((m) => !hidden.includes(m));
  const found = entry.members.filter((m) => !hidden.some((h) => m.offset >= h.offset && m.offset < h.offset + h.size));
  if (wanted.length !== found.length) return `${found.length} members, gcc ${wanted.length}`;
  for (let i = 0; i < wanted.length; i++) {
    const ours = text(found[i]);
    const gcc = text(wanted[i]);
    if (ours !== gcc) return `${ours}, gcc ${gcc}`;
  }
  return undefined;
}

function flat(members: readonly TruthMember[], base: number): LayoutMember[] {
  return members.flatMap((m): LayoutMember[] => {
    if (m.bitSize !== undefined) {
      const bitOffset = (m.bitOffset ?? 0) + base * 8;
      return [{ name: m.name, offset: 0, bitOffset, bitSize: m.bitSize, size: 0 }];
    }
    const offset = base + (m.offset ?? 0);
    if (m.name === '' && m.members !== undefined) return flat(m.members, offset);
    return [{ name: m.name, offset, size: m.size ?? 0 }];
  });
}

function text(member: LayoutMember | undefined): string {
  if (member === undefined) return 'nothing';
  if (member.bitSize !== undefined) return `${member.name} bits ${member.bitOffset}+${member.bitSize}`;
  return `${member.name} ${member.offset}+${member.size}`;
}
