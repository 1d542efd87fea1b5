// `npm run package`: the .vsix, its contents compared with a golden list, its size with the limit.

import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { root, run } from './process.ts';

const LIMIT_KB = 2048;

/** Files that ship, kernel sources shortened to their folder, one per line. */
async function contents(): Promise<string> {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const shown = new Set(files.map((file) => file.replace(/^(media\/sample-kernel\/|test\/fixtures\/designs\/).*/, '$1')));
  return `${[...shown].sort().join('\n')}\n`;
}

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const file = join(root, `daxtrace-${version}.vsix`);
// What an earlier development build left there must not ship.
rmSync(join(root, 'dist'), { recursive: true, force: true });
if ((await run(process.execPath, ['src/build/build.ts'])).code !== 0) process.exit(1);
await createVSIX({
  cwd: root,
  packagePath: file,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
const list = await contents();
const golden = join(root, 'test/golden/package.txt');
if (process.argv.includes('--update') || !existsSync(golden)) {
  mkdirSync(dirname(golden), { recursive: true });
  writeFileSync(golden, list);
}
const sizeKb = Math.ceil(statSync(file).size / 1024);
console.log(`daxtrace-${version}.vsix: ${sizeKb} KB (limit ${LIMIT_KB} KB)`);
let ok = sizeKb <= LIMIT_KB;
if (list !== readFileSync(golden, 'utf8')) {
  console.error(`the contents differ from test/golden/package.txt (npm run package -- --update accepts them):\n${list}`);
  ok = false;
}
process.exit(ok ? 0 : 1);
