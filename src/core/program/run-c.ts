// Executes main() of a preprocessed, self-contained C program (`daxtrace run`).
import type { Budgets } from '../machine/api.ts';
import { bindIntrinsics } from '../machine/intrinsic.ts';
import type { Machine } from '../machine/machine.ts';
import type { Fault, Limit } from '../machine/outcome.ts';
import { gccDefinitions } from '../preprocessor/profile/gcc-x86-64.ts';
import { PreprocessorSession } from '../preprocessor/session.ts';
import type { FileSource } from '../source/file-source.ts';
import { TranslationUnit } from '../unit/unit.ts';
import { hostedLibrary } from './libc/hosted.ts';
import { Program } from './program.ts';
import type { LoadedUnit } from './unit-loader.ts';

export interface HostedRun {
  readonly stdout: string;
  /** What main returned or exit() was given; undefined when the program did not end. */
  readonly exitCode: number | undefined;
  /** What stopped it. */
  readonly fault: Fault | undefined;
  readonly limit: Limit | undefined;
  /** Faults that did not stop it. */
  readonly warnings: readonly Fault[];
  /** IR instructions executed. */
  readonly steps: number;
}

/** Hosted programs have a larger stack than a kernel task and no reason to be shallow. */
const hostedBudgets: Partial<Budgets> = { stack: 8 << 20, depth: 120_000, steps: 4_000_000_000 };

/** A hosted program ready to run; `run` may be called again and starts afresh. */
export interface HostedProgramRunner {
  readonly machine: Machine;
  /** Standard output so far; follows the machine's snapshots. */
  stdout(): string;
  run(): HostedRun;
}

/** Prepares a program; `name` is the path in messages. */
export function prepareC(name: string, text: string, budgets: Partial<Budgets> = {}): HostedProgramRunner {
  const source: FileSource = {
    read: (path) => (path === name ? text : undefined),
    exists: (path) => path === name,
    list: () => [],
  };
  const session = new PreprocessorSession(source, gccDefinitions);
  const hosted = { output: [] as string[] };
  const program = new Program(
    { source, intrinsics: bindIntrinsics(hostedLibrary, hosted), asmModels: [], searchFirst: [], floatingPoint: true },
    {
      load(path): LoadedUnit | undefined {
        const unit = session.preprocess({ path, includeFolders: [], forcedIncludes: [], definitions: [] });
        return unit === undefined
          ? undefined
          : { path, unit: TranslationUnit.fromTokens(unit.tokens), macro: (macro) => unit.macro(macro) };
      },
    },
  );
  program.loadUnit(name);
  const machine = program.newMachine({ ...hostedBudgets, ...budgets });
  machine.attach({
    name: 'stdout',
    save: () => hosted.output.slice(),
    load: (state) => {
      hosted.output.splice(0, Infinity, ...(state as string[]));
    },
  });
  const start = machine.snapshot();
  return {
    machine,
    stdout: () => hosted.output.join(''),
    run() {
      machine.restore(start);
      const outcome = machine.call('main', [0n, 0n]);
      return {
        stdout: hosted.output.join(''),
        exitCode:
          outcome.kind === 'value' ? Number(BigInt.asUintN(8, outcome.value)) : outcome.kind === 'exit' ? outcome.code & 0xff : undefined,
        fault: outcome.kind === 'fault' ? outcome.fault : undefined,
        limit: outcome.kind === 'limit' ? outcome.limit : undefined,
        warnings: machine.faults.filter((f) => !f.fatal),
        steps: machine.steps,
      };
    },
  };
}

/** Runs a program once. */
export function runC(name: string, text: string, budgets: Partial<Budgets> = {}): HostedRun {
  return prepareC(name, text, budgets).run();
}
