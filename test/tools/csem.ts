// Runs the programs of compiler-truth/csem on the machine and compares what they print with gcc's output.
// Usage: node test/tools/csem.ts [FOLDER-OF-C-FILES] [NAME-PART]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runC } from '../../src/core/program/run-c.ts';

const truth = join(import.meta.dirname, '../../../shared/compiler-truth/csem');
if (!existsSync(truth)) {
  console.log(`skipped: no ${truth}`);
  process.exit(0);
}
interface Row {
  readonly id: string;
  readonly stdout: string;
  readonly file?: string;
}
const rows = readFileSync(join(truth, 'corpus.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((l) => JSON.parse(l) as Row);
const folder = process.argv[2] ?? join(truth, 'programs');
const part = process.argv[3] ?? '';
let equal = 0;
let different = 0;
let stopped = 0;
const reasons = new Map<string, number>();
for (const file of readdirSync(folder)
  .filter((f) => f.endsWith('.c') && f.includes(part))
  .sort()) {
  const row = rows.find((r) => r.id === file.replace(/\.c$/, ''));
  if (row === undefined) continue;
  const started = performance.now();
  const result = runC(file, readFileSync(join(folder, file), 'utf8'));
  const ms = (performance.now() - started).toFixed(0);
  const why = result.fault?.text ?? result.limit?.text;
  if (why !== undefined) {
    stopped++;
    const place = (result.fault ?? result.limit)?.place;
    console.log(`stopped   ${file} ${why} (${place === undefined ? '' : `${place.path}:${place.line}`}) ${ms} ms`);
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
  } else if (result.stdout === row.stdout) {
    equal++;
  } else {
    different++;
    console.log(`different ${file} ours ${JSON.stringify(result.stdout)} gcc ${JSON.stringify(row.stdout)} ${ms} ms`);
  }
  if (result.warnings.length > 0)
    console.log(
      `warning   ${file} ${result.warnings[0]?.text ?? ''} line ${result.warnings[0]?.place?.line ?? ''} (${result.warnings.length})`,
    );
}
console.log(`${equal} equal, ${different} different, ${stopped} stopped`);
process.exitCode = different + stopped > 0 ? 1 : 0;
