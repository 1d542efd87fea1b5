// Runs the C programs of test/fixtures/c on the machine; with --gcc writes what gcc's binaries print as the expectation.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runC } from '../../src/core/program/run-c.ts';

const folder = join(import.meta.dirname, '../fixtures/c');
let bad = 0;
for (const file of readdirSync(folder)
  .filter((f) => f.endsWith('.c'))
  .sort()) {
  const path = join(folder, file);
  const expected = path.replace(/\.c$/, '.out');
  if (process.argv.includes('--gcc')) {
    execFileSync('gcc', ['-O0', '-w', '-fwrapv', '-fno-strict-aliasing', '-o', '/tmp/c-fixture', path]);
    const ran = spawnSync('/tmp/c-fixture', { encoding: 'utf8' });
    writeFileSync(expected, `${ran.stdout}exit ${ran.status}\n`);
  }
  const r = runC(file, readFileSync(path, 'utf8'));
  const why = r.fault ?? r.limit;
  const ours = `${r.stdout}exit ${r.exitCode}\n`;
  const want = readFileSync(expected, 'utf8');
  if (why === undefined && ours === want) {
    console.log(`equal     ${file}${r.warnings.map((w) => ` [${w.text} line ${w.place?.line ?? ''}]`).join('')}`);
    continue;
  }
  bad++;
  const a = ours.split('\n');
  const at = want.split('\n').findIndex((l, i) => l !== a[i]);
  console.log(
    `different ${file} ${why?.text ?? ''} ${why?.place === undefined ? '' : `line ${why.place.line}`} first at output line ${at + 1}: ours "${a[at] ?? ''}" gcc "${want.split('\n')[at] ?? ''}"`,
  );
}
process.exitCode = bad > 0 ? 1 : 0;
