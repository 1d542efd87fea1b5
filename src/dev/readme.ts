// `npm run readme`: rewrites the generated parts of README.md (intrinsics, settings, commands). With --check it only compares.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callsCommand } from '../cli/calls.ts';
import type { Command } from '../cli/command.ts';
import { compareCommand } from '../cli/compare.ts';
import { contractCommand } from '../cli/contract.ts';
import { layoutCommand } from '../cli/layout.ts';
import { opsCommand } from '../cli/ops.ts';
import { parseCommand } from '../cli/parse.ts';
import { runCommand } from '../cli/run.ts';
import { traceCommand } from '../cli/trace.ts';
import { fsIntrinsics } from '../core/kernel/fs/registry-fs.ts';
import type { KernelIntrinsic } from '../core/kernel/model.ts';
import { coreIntrinsics } from '../core/kernel/registry.ts';
import { prototypeName } from '../core/machine/intrinsic.ts';
import { root } from './process.ts';

const file = join(root, 'README.md');

function escape(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** One row per kernel file, fidelity and reason. */
function intrinsicsTable(all: readonly KernelIntrinsic[]): string {
  const rows = new Map<string, { file: string; fidelity: string; reason: string; names: string[] }>();
  for (const one of all) {
    const fidelity = one.fidelity === 'exact' ? 'exact' : `partial: ${one.fidelity.partial}`;
    const key = `${one.file}\0${fidelity}\0${one.reason}`;
    const row = rows.get(key) ?? { file: one.file, fidelity, reason: one.reason, names: [] };
    row.names.push(prototypeName(one.prototype));
    rows.set(key, row);
  }
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  const partial = all.filter((one) => one.fidelity !== 'exact').length;
  return [
    `${all.length} functions, ${partial} of them partial.`,
    '',
    '<details><summary>The list</summary>',
    '',
    '| kernel file | functions | fidelity | why not interpreted |',
    '|---|---|---|---|',
    ...sorted.map(
      (row) =>
        `| ${row.file} | ${[...new Set(row.names)].map((name) => `\`${name}\``).join(' ')} | ${escape(row.fidelity)} | ${escape(row.reason)} |`,
    ),
    '',
    '</details>',
  ].join('\n');
}

interface Setting {
  readonly default: unknown;
  readonly description?: string;
  readonly markdownDescription?: string;
}

function settingsTable(): string {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly contributes: { readonly configuration: { readonly properties: Readonly<Record<string, Setting>> } };
  };
  const texts = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Readonly<Record<string, string>>;
  const rows = Object.entries(manifest.contributes.configuration.properties).map(([name, setting]) => {
    const key = (setting.markdownDescription ?? setting.description ?? '').replaceAll('%', '');
    return `| \`${name}\` | \`${JSON.stringify(setting.default)}\` | ${escape(texts[key] ?? '')} |`;
  });
  return ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

function commandList(): string {
  const commands: readonly Command[] = [
    traceCommand,
    compareCommand,
    opsCommand,
    callsCommand,
    contractCommand,
    parseCommand,
    layoutCommand,
    runCommand,
  ];
  const rows = commands.map(({ name, synopsis, summary }) => `daxtrace ${name} ${synopsis}\n    ${summary}`);
  return ['```', ...rows, '```'].join('\n');
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function replacePart(text: string, name: string, content: string): string {
  const begin = `<!-- ${name} -->`;
  const end = `<!-- /${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no part ${begin} … ${end}`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

const old = readFileSync(file, 'utf8');
let fresh = replacePart(old, 'intrinsics', intrinsicsTable([...coreIntrinsics, ...fsIntrinsics]));
fresh = replacePart(fresh, 'settings', settingsTable());
fresh = replacePart(fresh, 'commands', commandList());
if (process.argv.includes('--check')) {
  if (fresh !== old) console.error('README.md is stale: npm run readme');
  process.exit(fresh === old ? 0 : 1);
}
writeFileSync(file, fresh);
