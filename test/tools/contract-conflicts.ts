// Prints every unit conflict in the functions of some files; an unmodified tree should have none. Usage: contract-conflicts.ts TREE FILE…
import { openSource } from './open-source.ts';

const [tree, ...files] = process.argv.slice(2);
const session = await openSource(tree!);
let functions = 0;
let conflicts = 0;
for (const path of files) {
  for (const f of session.file(path)?.functions ?? []) {
    functions++;
    for (const c of session.localConflicts(path, f.name)) {
      conflicts++;
      console.log(`${c.file}:${c.line} ${f.name}: ${c.what}`);
    }
  }
}
console.log(`${functions} functions, ${conflicts} conflicts`);
