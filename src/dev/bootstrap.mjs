// Entry of every npm script: runs on Node >= 20 with nothing installed, installs what is missing, then hands over to Node 24.
// Plain JavaScript on purpose: before the hand-over there is no TypeScript support and no dependency.

import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Task name -> script. `builds` tells that dist/ must be fresh before it. */
const tasks = {
  start: { script: 'src/dev/start.ts' },
  build: { script: 'src/build/build.ts' },
  test: { script: 'src/dev/test.ts' },
  check: { script: 'src/dev/test.ts', args: ['--only', 'types,lint,floors,format,dead-code,readme'] },
  unit: { script: 'src/dev/test.ts', args: ['--only', 'unit'] },
  host: { script: 'src/dev/test.ts', args: ['--only', 'host,restricted'] },
  truth: { script: 'test/tools/truth.ts' },
  golden: { script: 'src/dev/golden.ts' },
  bench: { script: 'test/bench/bench.ts' },
  package: { script: 'src/dev/package.ts' },
  readme: { script: 'src/dev/readme.ts' },
  kernel: { script: 'src/dev/kernel.ts' },
  format: { script: 'src/dev/format.ts' },
};

/** True when node_modules holds every package of the lock file in its version. */
function dependenciesAreCurrent() {
  const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false;
  const have = read('node_modules/.package-lock.json').packages;
  for (const [path, wanted] of Object.entries(read('package-lock.json').packages)) {
    if (path === '' || wanted.optional || wanted.peer || wanted.link) continue;
    if (have[path]?.version !== wanted.version) return false;
  }
  return true;
}

/** Path of the Node 24 that the `node` package brought, or of this one when it is new enough. */
function modernNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 0) || (major === 22 && minor >= 22)) return process.execPath;
  try {
    const packed = createRequire(join(root, 'package.json')).resolve('node/package.json');
    const binary = join(dirname(packed), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    const probe = spawnSync(binary, ['--version'], { encoding: 'utf8' });
    return probe.status === 0 ? binary : undefined;
  } catch {
    return undefined;
  }
}

function install(reason) {
  console.error(`daxtrace: ${reason}; running npm ci (about a minute)`);
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']];
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, NODE_ENV: '' } });
  if (done.status !== 0) {
    console.error('daxtrace: npm ci failed; is the npm registry reachable?');
    process.exit(done.status ?? 130);
  }
}

const [name, ...rest] = process.argv.slice(2);
const task = Object.hasOwn(tasks, name ?? '') ? tasks[name] : undefined;
if (task === undefined) {
  console.error(`usage: node src/dev/bootstrap.mjs (${Object.keys(tasks).join('|')}) [arguments]`);
  process.exit(2);
}
if (!dependenciesAreCurrent()) install('dependencies are missing or outdated');
let node = modernNode();
if (node === undefined) {
  install('the Node 24 package is incomplete');
  node = modernNode();
}
if (node === undefined) {
  console.error('daxtrace: needs Node 24 for its tools, and the npm package "node" did not bring one for this platform');
  process.exit(1);
}
const path = [dirname(node), join(root, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter);
const child = spawn(node, [join(root, task.script), ...(task.args ?? []), ...rest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: path },
});
// The terminal sends Ctrl-C to the child as well; a plain kill reaches only us, so it is passed on.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
process.on('SIGINT', () => {});
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 130));
