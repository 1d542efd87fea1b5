// Debian's kernel sources in a cache outside the checkout, shared by tests, benchmarks and `npm start`.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { exists, removeAtExit, run } from './process.ts';
import { progress } from './progress.ts';

/** Members of a kernel tree that this many entries stand for, roughly; only the progress bar uses it. */
const ENTRIES_OF_A_TREE = 86_000;

/** DAXTRACE_CACHE, else daxtrace/ in the user's cache folder. */
export function cacheFolder(): string {
  const own = process.env['DAXTRACE_CACHE'];
  if (own !== undefined && own !== '') return own;
  const xdg = process.env['XDG_CACHE_HOME'];
  return join(xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.cache'), 'daxtrace');
}

/** Where the tree of a version is or would be: DAXTRACE_KERNEL_6_1 and its like win over the cache. */
export function kernelFolder(version: string): string {
  const override = process.env[`DAXTRACE_KERNEL_${version.replace('.', '_')}`];
  return override !== undefined && override !== '' ? override : join(cacheFolder(), `linux-source-${version}`);
}

export class Unavailable extends Error {}

/**
 * Folder of Debian's linux-source-VERSION, downloaded and unpacked when missing.
 * @throws Unavailable with what to do, when this machine cannot get it
 */
export async function ensureKernel(version: string): Promise<string> {
  const folder = kernelFolder(version);
  if (existsSync(join(folder, 'mm/memory-failure.c'))) return folder;
  if (folder !== join(cacheFolder(), `linux-source-${version}`)) {
    throw new Unavailable(`${folder} is no kernel tree (no mm/memory-failure.c in it)`);
  }
  for (const program of ['apt-get', 'dpkg-deb', 'tar', 'xz']) {
    if (!(await exists(program))) {
      throw new Unavailable(`${program} is missing; set DAXTRACE_KERNEL_${version.replace('.', '_')} to a kernel tree`);
    }
  }
  mkdirSync(cacheFolder(), { recursive: true });
  const work = join(cacheFolder(), `partial-${version}-${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);
  const keep = removeAtExit(work);
  const deb = await download(`linux-source-${version}`, work);
  const contents = join(work, 'contents');
  await must(run('dpkg-deb', ['-x', deb, contents], { capture: true }), 'dpkg-deb cannot unpack the package');
  rmSync(deb);
  const sources = join(contents, 'usr/src');
  const archive = readdirSync(sources).find((name) => name.endsWith('.tar.xz'));
  if (archive === undefined) throw new Unavailable(`linux-source-${version} holds no .tar.xz`);
  await unpack(join(sources, archive), work, version);
  const tree = readdirSync(work).find((name) => name.startsWith('linux-source'));
  if (tree === undefined) throw new Unavailable(`${archive} holds no linux-source folder`);
  renameSync(join(work, tree), folder);
  rmSync(work, { recursive: true, force: true });
  keep();
  return folder;
}

async function must(done: ReturnType<typeof run>, what: string): Promise<string> {
  const result = await done;
  if (result.code !== 0) throw new Unavailable(`${what}: ${result.output.trim().split('\n').slice(-3).join(' ')}`);
  return result.stdout;
}

/** Downloads a package with apt (no root needed). Without package lists it fetches them: into apt's own folder as root, else into ours. */
async function download(name: string, work: string): Promise<string> {
  let options: string[] = [];
  let uris = await run('apt-get', ['download', '--print-uris', name], { capture: true, cwd: work });
  if (uris.code !== 0) {
    console.error(`${name}: apt has no package lists that name it; updating them`);
    if (process.getuid?.() !== 0) {
      const state = join(work, 'apt');
      mkdirSync(join(state, 'lists/partial'), { recursive: true });
      mkdirSync(join(state, 'cache/archives/partial'), { recursive: true });
      options = ['-o', `Dir::State::lists=${state}/lists`, '-o', `Dir::Cache=${state}/cache`];
    }
    await must(run('apt-get', [...options, 'update'], { capture: true }), 'apt-get update failed');
    uris = await run('apt-get', [...options, 'download', '--print-uris', name], { capture: true, cwd: work });
  }
  // One line per package: 'URI' FILE SIZE HASH
  const line = /^'[^']+' (\S+\.deb) (\d+)/m.exec(uris.stdout);
  if (uris.code !== 0 || line === null) {
    throw new Unavailable(`no package source of this machine has ${name} (Debian 12 and its security archive do)`);
  }
  const file = join(work, line[1] ?? '');
  const total = Number(line[2]);
  const bar = progress(`downloading ${name}`);
  const timer = setInterval(() => bar.update(sizeOf(file), total), 500);
  try {
    await must(run('apt-get', [...options, 'download', name], { capture: true, cwd: work }), `cannot download ${name}`);
    bar.update(1, 1);
  } finally {
    clearInterval(timer);
    bar.end();
  }
  const deb = readdirSync(work).find((entry) => entry.endsWith('.deb'));
  if (deb === undefined) throw new Unavailable(`apt-get download left no package of ${name}`);
  return join(work, deb);
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

async function unpack(archive: string, into: string, version: string): Promise<void> {
  const bar = progress(`unpacking Linux ${version}`);
  let entries = 0;
  const onOutput = (text: string): void => {
    for (const char of text) if (char === '\n') entries++;
    bar.update(entries, ENTRIES_OF_A_TREE);
  };
  try {
    await must(run('tar', ['-xJvf', archive, '-C', into], { capture: true, onOutput }), 'tar failed');
    bar.update(1, 1);
  } finally {
    bar.end();
  }
}
