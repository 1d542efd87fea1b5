// `node test/tools/boot.ts FOLDER 6.1|6.12 [SCENE…]`: boots an unmodified kernel in QEMU once per scene and writes what it did as an observation.
//
// `boot-prepare.ts FOLDER` makes FOLDER: `root/` (the guest's programs), `kernel-VERSION…/` (Debian's image and modules). Needs
// qemu-system-x86_64 (package qemu-system-x86; plain emulation, no KVM), gcc with a static libc, xz. DAXTRACE_BOOT_OUT is where
// observations go, DAXTRACE_BOOT_RAW=1 keeps what the guest sent beside them; `npm run truth` compares them (DAXTRACE_TRUTH=FOLDER).

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makeInitramfs } from './boot/initramfs.ts';
import { toObservation } from './boot/observation.ts';

const here = join(import.meta.dirname, 'boot');
/** A boot takes about twenty seconds with TCG. */
const PATIENCE_MS = 150_000;
const SILENCE_MS = 40_000;
/** A scene says `# memory SIZE!START…`, `# ram SIZE` or `# cpu MODEL` where it needs another machine. */
const MEMORY = '512M!1G 256M!1536M';
const RAM = '2G';
const CPU = 'max,la57=off';

interface Kernel {
  readonly image: string;
  readonly release: string;
  readonly initramfs: string;
}

function prepareKernel(folder: string, version: string): Kernel {
  const unpacked = readdirSync(folder).find((name) => name.startsWith(`kernel-${version}.`));
  if (unpacked === undefined) throw new Error(`no kernel-${version}.* in ${folder}`);
  const root = join(folder, unpacked);
  const image = readdirSync(join(root, 'boot')).find((name) => name.startsWith('vmlinuz-')) ?? '';
  const release = image.replace('vmlinuz-', '');
  const initramfs = join(tmpdir(), `boot-${release}-${process.pid}.cpio`);
  makeInitramfs({ sources: here, packages: join(folder, 'root'), modules: join(root, 'lib/modules', release), target: initramfs });
  return { image: join(root, 'boot', image), release, initramfs };
}

/** The first comment of a scene that says nothing about the machine. */
function descriptionOf(scene: string): string {
  const text = readFileSync(join(here, 'scenes', `${scene}.sh`), 'utf8');
  return /^# (?!memory |ram |cpu )(.*)$/m.exec(text)?.[1] ?? '';
}

/** The lines of a guest's second serial port. */
async function bootScene(kernel: Kernel, scene: string): Promise<readonly string[]> {
  const text = readFileSync(join(here, 'scenes', `${scene}.sh`), 'utf8');
  const said = (word: string): string | undefined => new RegExp(`^# ${word} (\\S.*)$`, 'm').exec(text)?.[1];
  const memory = (said('memory') ?? MEMORY).split(' ');
  const monitor = join(tmpdir(), `boot-${process.pid}.monitor`);
  const report = join(tmpdir(), `boot-${process.pid}.report`);
  const append = [
    'console=ttyS0 quiet loglevel=4 panic=-1 rdinit=/init mitigations=off nowatchdog nokaslr rcupdate.rcu_expedited=1',
    ...memory.map((region) => `memmap=${region}`),
    `oracle.id=${scene}`,
  ].join(' ');
  const guest = spawn(
    'qemu-system-x86_64',
    [
      ...[
        '-machine',
        'q35,accel=tcg',
        '-cpu',
        said('cpu') ?? CPU,
        '-m',
        said('ram') ?? RAM,
        '-smp',
        '1',
        '-display',
        'none',
        '-no-reboot',
        '-nodefaults',
      ],
      ...['-kernel', kernel.image, '-initrd', kernel.initramfs, '-append', append],
      ...['-serial', `file:${join(tmpdir(), `boot-${process.pid}.console`)}`, '-serial', `file:${report}`],
      ...['-monitor', `unix:${monitor},server,nowait`],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  let seen = 0;
  const watch = setInterval(() => {
    const asked = readReport(report).filter((line) => line.startsWith('@mce '));
    for (const line of asked.slice(seen)) machineCheck(monitor, line.slice(5).trim());
    seen = asked.length;
  }, 500);
  const silent = setTimeout(() => readReport(report).length < 2 && guest.kill('SIGKILL'), SILENCE_MS);
  const timer = setTimeout(() => guest.kill('SIGKILL'), PATIENCE_MS);
  await new Promise<void>((resolve) => guest.on('close', () => resolve()));
  clearTimeout(timer);
  clearTimeout(silent);
  clearInterval(watch);
  const lines = readReport(report);
  for (const path of [monitor, report]) rmSync(path, { force: true });
  return lines;
}

function readReport(path: string): readonly string[] {
  return existsSync(path)
    ? readFileSync(path, 'latin1')
        .split('\n')
        .map((line) => line.replace(/\r$/, ''))
    : [];
}

/** An uncorrected error found by a scrub (SRAO) at a physical address, reported by bank 9 of the first processor. */
function machineCheck(monitor: string, address: string): void {
  const socket = connect(monitor);
  socket.on('connect', () => {
    socket.end(`mce 0 9 0xbd000000000000c0 0x5 ${address} 0x8c\n`);
  });
  socket.on('data', () => undefined);
}

async function main(): Promise<number> {
  const [folder, version, ...wanted] = process.argv.slice(2);
  const out = process.env['DAXTRACE_BOOT_OUT'] ?? join(tmpdir(), 'observations');
  if (folder === undefined || version === undefined) {
    process.stdout.write('usage: boot.ts FOLDER 6.1|6.12 [SCENE…]\n');
    return 2;
  }
  const scenes = readdirSync(join(here, 'scenes'))
    .map((name) => basename(name, '.sh'))
    .sort();
  const kernel = prepareKernel(folder, version);
  mkdirSync(join(out, version), { recursive: true });
  let bad = 0;
  for (const scene of wanted.length > 0 ? wanted : scenes) {
    let lines = await bootScene(kernel, scene);
    // Under load the emulated timer is sometimes not found, and the kernel never comes up.
    for (let again = 0; again < 3 && lines.length < 2; again++) lines = await bootScene(kernel, scene);
    if (process.env['DAXTRACE_BOOT_RAW'] !== undefined) writeFileSync(join(out, version, `${scene}.raw`), lines.join('\n'));
    const whole = lines.includes('@done');
    if (!whole) bad++;
    const observation = toObservation(scene, kernel.release, descriptionOf(scene), lines);
    writeFileSync(join(out, version, `${scene}.json`), `${JSON.stringify(observation, null, 1)}\n`);
    const problems = lines.filter((line) => line.startsWith('@failed') || line.includes('"anomaly"'));
    process.stdout.write(`${version} ${scene} ${whole ? 'ok' : 'CUT OFF'} ${observation.observed.events.length} events\n`);
    for (const problem of problems) process.stdout.write(`   ${problem}\n`);
  }
  rmSync(kernel.initramfs, { force: true });
  return bad === 0 ? 0 : 1;
}

process.exitCode = await main();
