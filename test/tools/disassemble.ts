// Prints the machine's code of a function of a hosted program. Usage: node test/tools/disassemble.ts FILE.c FUNCTION
import { readFileSync } from 'node:fs';
import { lowerFunction } from '../../src/core/lower/lower.ts';
import { instructions } from '../../src/core/machine/ir.ts';
import { gccDefinitions } from '../../src/core/preprocessor/profile/gcc-x86-64.ts';
import { PreprocessorSession } from '../../src/core/preprocessor/session.ts';
import { TranslationUnit } from '../../src/core/unit/unit.ts';

const [file = '', name = 'main'] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
const session = new PreprocessorSession({ read: () => text, exists: (p) => p === file, list: () => [] }, gccDefinitions);
const pre = session.preprocess({ path: file, includeFolders: [], forcedIncludes: [], definitions: [] });
const parsed = pre === undefined ? undefined : TranslationUnit.fromTokens(pre.tokens).definition(name);
if (pre === undefined || parsed?.kind !== 'parsed') throw new Error(`${name}: ${JSON.stringify(parsed)}`);
const names: string[] = [];
const lowered = lowerFunction(parsed.value, {
  floatingPoint: false,
  objectAddress: () => 0xffffffff84000000n,
  functionId: (fn) => names.push(fn.name) - 1,
  functionAddress: () => 0xffffffff81000010n,
  stringAddress: () => 0xffffffff90000000n,
});
if (lowered.kind !== 'lowered') throw new Error(lowered.reason);
const { code, places } = lowered.fn;
const isTarget = new Set(lowered.fn.targets.map((t) => code[t] ?? 0));
let line = -1;
for (let pc = 0; pc < code.length;) {
  for (let i = 0; i < places.length; i += 2) {
    const at = pre.tokens.place(places[i + 1] ?? 0).line;
    if (places[i] === pc && at !== line) {
      line = at;
      console.log(`; ${line}: ${(text.split('\n')[line - 1] ?? '').trim().slice(0, 100)}`);
    }
  }
  const [op, operands] = instructions[code[pc] ?? 0] ?? ['BAD', ''];
  let length = 1 + operands.replace('*', '').length;
  if (op === 'SWITCH') length += 5 * (code[pc + 3] ?? 0);
  if (op === 'SWITCH_DENSE') length += code[pc + 3] ?? 0;
  const words = Array.from(operands.replace('*', ''), (k, i) => {
    const w = code[pc + 1 + i] ?? 0;
    return k === 't' ? `->${w}` : 'dabc'.includes(k) ? `r${w}` : k === 'x' && op === 'CALL' ? (names[w] ?? `${w}`) : `${w}`;
  });
  console.log(`${isTarget.has(pc) ? '>' : ' '}${String(pc).padStart(5)} ${op} ${words.join(', ')}`);
  pc += length;
}
