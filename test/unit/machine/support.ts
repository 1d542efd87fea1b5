// Programs from C snippets for tests of the machine, with models given by the test.
import type { AsmModel } from '../../../src/core/machine/asm.ts';
import type { Budgets } from '../../../src/core/machine/api.ts';
import { bindIntrinsics } from '../../../src/core/machine/intrinsic.ts';
import type { IntrinsicDefinition } from '../../../src/core/machine/intrinsic.ts';
import type { Machine } from '../../../src/core/machine/machine.ts';
import { gccDefinitions } from '../../../src/core/preprocessor/profile/gcc-x86-64.ts';
import { PreprocessorSession } from '../../../src/core/preprocessor/session.ts';
import { hostedLibrary } from '../../../src/core/program/libc/hosted.ts';
import { Program } from '../../../src/core/program/program.ts';
import type { FileSource } from '../../../src/core/source/file-source.ts';
import { TranslationUnit } from '../../../src/core/unit/unit.ts';

export interface TestProgram {
  readonly program: Program;
  readonly machine: Machine;
  readonly output: string[];
}

interface TestOptions {
  readonly intrinsics?: readonly IntrinsicDefinition<{ readonly output: string[] }>[];
  readonly asmModels?: readonly AsmModel[];
  readonly budgets?: Partial<Budgets>;
}

/** A program of one or more units; the first one is loaded at once. */
export function programOf(units: string | Readonly<Record<string, string>>, options: TestOptions = {}): TestProgram {
  const files = new Map(Object.entries(typeof units === 'string' ? { 'lib/test.c': units } : units));
  const source: FileSource = {
    read: (path) => files.get(path),
    exists: (path) => files.has(path),
    list: (folder) =>
      [...files.keys()]
        .filter((f) => f.startsWith(`${folder}/`))
        .map((f) => f.slice(folder.length + 1))
        .filter((f) => !f.includes('/'))
        .sort(),
  };
  const session = new PreprocessorSession(source, gccDefinitions);
  const state = { output: [] as string[], errors: [] as string[] };
  const program = new Program(
    { source, intrinsics: bindIntrinsics([...hostedLibrary, ...(options.intrinsics ?? [])], state), asmModels: options.asmModels ?? [] },
    {
      load(path) {
        const unit = session.preprocess({ path, includeFolders: [], forcedIncludes: [], definitions: [] });
        return unit === undefined
          ? undefined
          : { path, unit: TranslationUnit.fromTokens(unit.tokens), lacks: [], macro: (name) => unit.macro(name) };
      },
    },
  );
  program.loadUnit([...files.keys()][0] ?? '');
  return { program, machine: program.newMachine(options.budgets), output: state.output };
}

/** Value of a call that must succeed, as a signed number. */
export function valueOf(machine: Machine, name: string, args: readonly bigint[] = []): bigint {
  const outcome = machine.call(name, args);
  if (outcome.kind !== 'value') throw new Error(JSON.stringify(outcome, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v)));
  return BigInt.asIntN(64, outcome.value);
}
