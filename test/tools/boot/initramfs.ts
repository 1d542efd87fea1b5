// The guest's root: an archive in the kernel's newc format with programs, the libraries that they need, and modules.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Loaded in this order. */
const MODULES =
  'crc32c_generic libcrc32c crc16 mbcache jbd2 ext4 xfs libnvdimm nd_btt nd_pmem nd_e820 device_dax dax_pmem dm-mod hwpoison-inject'.split(
    ' ',
  );

const PROGRAMS = ['mkfs.xfs', 'xfs_io', 'xfs_spaceman', 'mkfs.ext4', 'ndctl', 'dmsetup', 'tune2fs', 'debugfs'];

interface Places {
  /** Folder of driver.c, init.sh, probes.txt and scenes/. */
  readonly sources: string;
  /** Unpacked packages. */
  readonly packages: string;
  /** lib/modules/RELEASE of the kernel. */
  readonly modules: string;
  readonly target: string;
}

/** Writes the archive. */
export function makeInitramfs(places: Places): void {
  const files = new Map<string, { readonly bytes: Buffer; readonly mode: number }>();
  const put = (path: string, bytes: Buffer, mode = 0o100755): void => void files.set(path, { bytes, mode });
  put('init', readFileSync(join(places.sources, 'init.sh')));
  put('probes', readFileSync(join(places.sources, 'probes.txt')));
  for (const scene of readdirSync(join(places.sources, 'scenes')))
    put(`scenes/${scene}`, readFileSync(join(places.sources, 'scenes', scene)));
  put('bin/mfdrv', compileDriver(join(places.sources, 'driver.c')));
  put('bin/busybox', readFileSync(join(places.packages, 'bin/busybox')));
  for (const program of PROGRAMS) {
    const path = ['bin', 'sbin', 'usr/bin', 'usr/sbin']
      .map((folder) => join(places.packages, folder, program))
      .find((at) => existsSync(at));
    if (path === undefined) throw new Error(`${program} is not in ${places.packages}`);
    put(`sbin/${program}`, readFileSync(path));
    for (const library of librariesOf(path, places.packages)) put(library.name, readFileSync(library.path));
  }
  const order: string[] = [];
  for (const module of modulesOf(places.modules)) {
    const name = basename(module).replace(/\.xz$/, '');
    order.push(name);
    put(`modules/${name}`, module.endsWith('.xz') ? execFileSync('xz', ['-dc', module], { maxBuffer: 1 << 28 }) : readFileSync(module));
  }
  put('modules/order', Buffer.from(order.join('\n')));
  writeFileSync(places.target, archive(files));
}

function compileDriver(source: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'driver-'));
  execFileSync('gcc', ['-O1', '-w', '-static', '-o', join(folder, 'mfdrv'), source]);
  const bytes = readFileSync(join(folder, 'mfdrv'));
  rmSync(folder, { recursive: true });
  return bytes;
}

function modulesOf(folder: string): readonly string[] {
  const all = readdirSync(join(folder, 'kernel'), { recursive: true, encoding: 'utf8' });
  return MODULES.flatMap((name) => {
    const found = all.find((path) => [`${name}.ko`, `${name}.ko.xz`].includes(basename(path)));
    return found === undefined ? [] : [join(folder, 'kernel', found)];
  });
}

/** Shared libraries of a program, the unpacked packages' own first. */
function librariesOf(program: string, packages: string): readonly { readonly name: string; readonly path: string }[] {
  const paths = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu'].map((folder) => join(packages, folder)).join(':');
  const text = execFileSync('ldd', [program], { env: { ...process.env, LD_LIBRARY_PATH: paths }, encoding: 'utf8' });
  return text.split('\n').flatMap((line) => {
    const match = /(?:=> )?(\/\S+) \(0x/.exec(line);
    if (match === null) return [];
    const [, path = ''] = match;
    return [{ name: path.includes('ld-linux') ? `lib64/${basename(path)}` : `lib/x86_64-linux-gnu/${basename(path)}`, path }];
  });
}

/** Documentation/driver-api/early-userspace/buffer-format.rst. */
function archive(files: ReadonlyMap<string, { readonly bytes: Buffer; readonly mode: number }>): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  let ino = 1;
  const add = (part: Buffer): void => {
    parts.push(part);
    length += part.length;
  };
  const pad = (): void => add(Buffer.alloc((4 - (length % 4)) % 4));
  const entry = (name: string, mode: number, bytes: Buffer): void => {
    const fields = [ino++, mode, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, name.length + 1, 0];
    add(Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`));
    pad();
    add(bytes);
    pad();
  };
  const folders = new Set<string>(['dev', 'sbin', 'etc']);
  for (const name of files.keys()) for (let at = dirname(name); at !== '.'; at = dirname(at)) folders.add(at);
  for (const folder of [...folders].sort()) entry(folder, 0o040755, Buffer.alloc(0));
  for (const [name, file] of files) entry(name, file.mode, file.bytes);
  entry('TRAILER!!!', 0, Buffer.alloc(0));
  return Buffer.concat(parts);
}
