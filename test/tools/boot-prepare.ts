// `node test/tools/boot-prepare.ts FOLDER [VERSION…]`: downloads and unpacks what boot.ts needs: kernels and the guest's programs.
//
// Needs Debian's apt-get, apt-cache and dpkg-deb; installs nothing. VERSION is 6.1 or 6.12 (both when left out); the newest
// image of each that the configured sources offer is taken. boot.ts itself needs qemu-system-x86_64, gcc with a static libc, xz.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The guest's programs and the libraries that they need beside those of the host. */
const PACKAGES =
  'busybox-static xfsprogs e2fsprogs ndctl daxctl dmsetup libdaxctl1 libdevmapper1.02.1 libinih1 libiniparser1 libjson-c5 libkmod2 libndctl6 liburcu8'.split(
    ' ',
  );

function run(program: string, args: readonly string[], cwd?: string): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...(cwd === undefined ? {} : { cwd }) });
}

/** The newest image package of a kernel version: `linux-image-6.1.0-56-amd64-unsigned`, `linux-image-6.12.117+deb12-amd64-unsigned`. */
function imagePackage(version: string): string {
  const pattern = `^linux-image-${version.replaceAll('.', '\\.')}\\.[0-9].*-amd64-unsigned$`;
  const found = run('apt-cache', ['search', '--names-only', pattern])
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name !== '' && !/-(rt|cloud)-/.test(name));
  const newest = found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  if (newest === undefined) throw new Error(`the package sources offer no linux-image-${version}.*-amd64-unsigned`);
  return newest;
}

/** Downloads packages into `debs` and unpacks them into `target`. */
function unpack(packages: readonly string[], debs: string, target: string): void {
  for (const folder of [debs, target]) mkdirSync(folder, { recursive: true });
  run('apt-get', ['download', ...packages], debs);
  for (const file of readdirSync(debs)) {
    const isWanted = file.endsWith('.deb') && packages.includes(file.slice(0, file.indexOf('_')));
    if (isWanted) run('dpkg-deb', ['-x', join(debs, file), target]);
  }
}

function main(): number {
  const [folder, ...versions] = process.argv.slice(2);
  if (folder === undefined) {
    process.stdout.write('usage: boot-prepare.ts FOLDER [VERSION…]\n');
    return 2;
  }
  const root = resolve(folder);
  const debs = join(root, 'debs');
  unpack(PACKAGES, debs, join(root, 'root'));
  process.stdout.write(`${join(root, 'root')}: ${PACKAGES.length} packages\n`);
  for (const version of versions.length > 0 ? versions : ['6.1', '6.12']) {
    const image = imagePackage(version);
    const target = join(root, `kernel-${/^linux-image-([0-9.]+(?:-[0-9]+)?)/.exec(image)?.[1] ?? version}`);
    rmSync(target, { recursive: true, force: true });
    unpack([image], debs, target);
    process.stdout.write(`${target}: ${image}\n`);
  }
  return 0;
}

process.exitCode = main();
