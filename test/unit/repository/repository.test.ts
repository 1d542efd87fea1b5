// Ratchets over the repository as a whole: what is contributed has code, what is refused stays out, nothing names a machine.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** Written by test/tools/make-execute.ts. */
const GENERATED = 'src/core/machine/execute.ts';
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
const sources = tracked.filter((path) => /^src\/.*\.tsx?$/.test(path));
const lines = (paths: readonly string[]): readonly { path: string; number: number; text: string }[] =>
  paths.flatMap((path) => {
    try {
      return read(path)
        .split('\n')
        .map((text, index) => ({ path, number: index + 1, text }));
    } catch {
      // Deleted in the working tree.
      return [];
    }
  });
const hits = (paths: readonly string[], pattern: RegExp): readonly string[] =>
  lines(paths)
    .filter(({ text }) => pattern.test(text))
    .map(({ path, number, text }) => `${path}:${number}: ${text.trim()}`);

interface Manifest {
  readonly contributes: {
    readonly commands?: readonly { readonly command: string }[];
    readonly configuration?: { readonly properties: Readonly<Record<string, unknown>> };
    readonly menus?: Readonly<Record<string, readonly { readonly command: string }[]>>;
  };
  readonly scripts: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(read('package.json')) as Manifest;
const hostText = sources
  .filter((path) => path.startsWith('src/host/'))
  .map(read)
  .join('\n');

describe('contributions', () => {
  const commands = (manifest.contributes.commands ?? []).map(({ command }) => command);
  const settings = Object.keys(manifest.contributes.configuration?.properties ?? {});

  it('every command of package.json is registered by the host', () => {
    expect(commands.filter((command) => !hostText.includes(`'${command}'`))).toEqual([]);
  });

  it('every command that a menu shows is contributed', () => {
    const shown = Object.values(manifest.contributes.menus ?? {})
      .flat()
      .map(({ command }) => command);
    expect(shown.filter((command) => !commands.includes(command))).toEqual([]);
  });

  it('every setting of package.json is read by the host', () => {
    const names = settings.map((setting) => setting.replace(/^daxtrace\./, ''));
    expect(names.filter((name) => !new RegExp(`get[^(]*\\(\\s*'(daxtrace\\.)?${name}'`).test(hostText))).toEqual([]);
  });

  it('every text of package.json is in package.nls.json, and no other', () => {
    const texts = JSON.parse(read('package.nls.json')) as Readonly<Record<string, string>>;
    const named = [...read('package.json').matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]);
    expect(named.sort()).toEqual(Object.keys(texts).sort());
    expect(hits(['package.json'], /"(title|markdownDescription)": "(?!%|daxtrace")/)).toEqual([]);
  });

  it('every setting that the host reads is in package.json', () => {
    const asked = [...read('src/host/settings.ts').matchAll(/\.get(?:<[^>]*>)?\(\s*'([\w.]+)'/g)].map(
      (match) => `daxtrace.${match[1] ?? ''}`,
    );
    expect(asked.filter((setting) => !settings.includes(setting))).toEqual([]);
  });
});

describe('the repository', () => {
  it('names no machine, registry or mirror', () => {
    const lock = tracked.filter((path) => /package-lock\.json$/.test(path));
    expect(hits(lock, /"resolved": "https?:/)).toEqual([]);
    const text = tracked.filter((path) => /\.(ts|tsx|mjs|cjs|json|md|c|h)$/.test(path) && !/package-lock\.json$/.test(path));
    expect(hits(text, /(?<![\w/])\/(root|home|work)\/\w/)).toEqual([]);
  });

  it('has no file of more than 400 lines in src', () => {
    expect(sources.filter((path) => path !== GENERATED && read(path).split('\n').length > 401)).toEqual([]);
  });

  it('opens every file of src with one comment that says what it is', () => {
    expect(sources.filter((path) => !/^(#!.*\n)?(\/\/|\/\*)/.test(read(path)))).toEqual([]);
  });

  it('documents every function and class that core exports', () => {
    const bare = sources
      .filter((path) => /^src\/(base|core)\//.test(path))
      .flatMap((path) => {
        const text = read(path).split('\n');
        const isExport = (line: string | undefined): boolean => /^export (async )?function\*? |^export (abstract )?class /.test(line ?? '');
        // The second and further signatures of an overloaded function share the line of the first.
        return text.flatMap((line, i) =>
          isExport(line) && !isExport(text[i - 1]) && !/\*\/$/.test(text[i - 1] ?? '') ? [`${path}:${i + 1}`] : [],
        );
      });
    expect(bare).toEqual([]);
  });

  it('has no marks left behind', () => {
    expect(
      hits(
        sources,
        new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK', '@ts-ig' + 'nore', 'as an' + 'y'].map((w) => `(?<!\\w)${w}\\b`).join('|')),
      ),
    ).toEqual([]);
  });

  it('takes the texts of notifications, picks and commands from the catalogue', () => {
    const host = sources.filter((path) => path.startsWith('src/host/') && path !== 'src/host/messages.ts');
    expect(hits(host, /\b(show(Error|Warning|Information)Message|setStatusBarMessage)\(\s*['"`]/)).toEqual([]);
    expect(hits(host, /\b(placeHolder|prompt|tooltip): ['"`]|\btitle: '[^']*', command:/)).toEqual([]);
    expect(hits(host, /\bl10n\.t\(/)).toEqual([]);
    // The bundle of translations is read from the source text: only literals can be found there.
    expect(hits(['src/host/messages.ts'], /l10n\.t\((?!$|\s*')/)).toEqual([]);
  });

  it('uses no refused word in names', () => {
    // One word per thing: slot, not vtable; intrinsic, not stub; interval, not range of our own.
    expect(hits(sources, /\b(vtable\w*|\w*[sS]tub(Function|s)|mockKernel\w*|confidence(Score)?|\w*Hook(s|Function)|opsMap)\b/)).toEqual([]);
    // A limit is what we cannot model; `unsupported` says nothing about what was met.
    expect(hits(sources, /\b(const|let|function|class|interface|type) \w*[uU]nsupported\w*/)).toEqual([]);
  });

  it('gives a reason for every lint exception', () => {
    expect(hits(sources, /eslint-disable(?!.* -- )/)).toEqual([]);
  });

  it('enters every script through the bootstrap', () => {
    for (const [name, command] of Object.entries(manifest.scripts)) expect(command).toBe(`node src/dev/bootstrap.mjs ${name}`);
  });
});
