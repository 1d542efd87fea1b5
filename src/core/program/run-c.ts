// Executes main() of a self-contained C program, preprocessed or not (`daxtrace run`).
import type { Budgets } from '../machine/api.ts';
import type { Intrinsic } from '../machine/intrinsic.ts';
import { bindIntrinsics } from '../machine/intrinsic.ts';
import type { Machine } from '../machine/machine.ts';
import type { Fault, Limit } from '../machine/outcome.ts';
import { PreprocessorSession } from '../preprocessor/session.ts';
import type { FileSource } from '../source/file-source.ts';
import { TranslationUnit } from '../unit/unit.ts';
import { headerFolder, hostedDefinitions, hostedFiles, libraryFolder } from './libc/hosted-files.ts';
import { hostedLibrary } from './libc/hosted.ts';
import { leaksOf } from './libc/leaks.ts';
import { runtimePath } from './libc/runtime.ts';
import { textOf, type HostedProgram } from './libc/output.ts';
import { Program } from './program.ts';
import { lacksOf, type LoadedUnit } from './unit-loader.ts';

export interface HostedRun {
  readonly stdout: string;
  readonly stderr: string;
  /** What main returned or exit() was given; undefined when the program did not end. */
  readonly exitCode: number | undefined;
  /** What stopped it. */
  readonly fault: Fault | undefined;
  readonly limit: Limit | undefined;
  /** Faults that did not stop it, leaks at its end among them. */
  readonly warnings: readonly Fault[];
  /** IR instructions executed. */
  readonly steps: number;
}

/** Functions besides the C library's that a hosted program may call, and what they find wrong at its end. */
export interface HostedExtension {
  readonly intrinsics: readonly Intrinsic[];
  bind(machine: Machine, program: Program): void;
  /** Faults that only the end shows: locks that are still held. */
  atEnd(): readonly Fault[];
}

export interface HostedOptions {
  readonly budgets?: Partial<Budgets>;
  /** Files beside the program, for `#include "…"`. */
  readonly beside?: FileSource | undefined;
  readonly extension?: HostedExtension | undefined;
}

/** Hosted programs have a larger stack than a kernel task and no reason to be shallow. */
const hostedBudgets: Partial<Budgets> = { stack: 8 << 20, depth: 120_000, steps: 1_000_000_000 };

/** A hosted program ready to run; `run` may be called again and starts afresh. */
export interface HostedProgramRunner {
  readonly machine: Machine;
  /** What main() is given: argc, argv, envp. */
  readonly mainArguments: readonly bigint[];
  /** Standard output so far; follows the machine's snapshots. */
  stdout(): string;
  run(): HostedRun;
}

/** Prepares a program; `name` is the path in messages. */
export function prepareC(name: string, text: string, options: HostedOptions = {}): HostedProgramRunner {
  const { extension } = options;
  const source = hostedFiles(name, text, options.beside);
  const session = new PreprocessorSession(source, hostedDefinitions);
  let leaks: readonly Fault[] = [];
  const hosted: HostedProgram = { output: [], errors: [], atExit: () => (leaks = leaksOf(machine, true)) };
  const library = bindIntrinsics(hostedLibrary, hosted);
  const more = new Map((extension?.intrinsics ?? []).map((intrinsic) => [intrinsic.name, intrinsic]));
  const program = new Program(
    {
      source,
      intrinsics: { find: (called) => library.find(called) ?? more.get(called), all: [...library.all, ...more.values()] },
      definitionsFirst: true,
      library: runtimePath,
      asmModels: [],
      searchFirst: [libraryFolder],
      floatingPoint: true,
    },
    {
      load(path): LoadedUnit | undefined {
        const unit = session.preprocess({ path, includeFolders: [headerFolder], forcedIncludes: [], definitions: [] });
        return unit === undefined
          ? undefined
          : { path, unit: TranslationUnit.fromTokens(unit.tokens), lacks: lacksOf(unit), macro: (macro) => unit.macro(macro) };
      },
    },
  );
  program.loadUnit(name);
  const machine = program.newMachine({ ...hostedBudgets, ...options.budgets });
  extension?.bind(machine, program);
  machine.attach({
    name: 'hosted program',
    save: () => [hosted.output.slice(), hosted.errors.slice()],
    load: (state) => {
      const [output, errors] = state as [string[], string[]];
      hosted.output.splice(0, Infinity, ...output);
      hosted.errors.splice(0, Infinity, ...errors);
    },
  });
  const argv = argumentsOf(machine, name);
  const mainArguments = [1n, argv, argv + 8n];
  const start = machine.snapshot();
  return {
    machine,
    mainArguments,
    stdout: () => textOf(hosted.output),
    run() {
      machine.restore(start);
      leaks = [];
      const outcome = execute(machine, program, { name, text }, mainArguments);
      const ended = outcome.kind === 'value' || outcome.kind === 'exit';
      if (outcome.kind === 'value') leaks = leaksOf(machine, false);
      const during = machine.faults.filter((f) => !f.fatal);
      const held = ended ? (extension?.atEnd() ?? []) : [];
      // Who stumbled does not clean up: what is lost then is no second fault.
      const lost = ended && during.length + held.length === 0 ? leaks : [];
      return {
        stdout: textOf(hosted.output),
        stderr: textOf(hosted.errors),
        exitCode:
          outcome.kind === 'value' ? Number(BigInt.asUintN(8, outcome.value)) : outcome.kind === 'exit' ? outcome.code & 0xff : undefined,
        fault: outcome.kind === 'fault' ? outcome.fault : undefined,
        limit: outcome.kind === 'limit' ? outcome.limit : undefined,
        warnings: [...during, ...held, ...lost],
        steps: machine.steps,
      };
    },
  };
}

/** Constructors, main(), exit handlers, destructors; what main() returned, or what ended the run before. */
function execute(
  machine: Machine,
  program: Program,
  { name, text }: { readonly name: string; readonly text: string },
  args: readonly bigint[],
): ReturnType<Machine['call']> {
  // A compiler would have stopped there; what such a program does is nobody's question.
  const [lack] = program.unitAt(name)?.lacks ?? [];
  if (lack !== undefined) {
    const { place, reason } = lack;
    return { kind: 'limit', limit: { kind: 'missing-text', text: `${reason} (${place.path}:${place.line})`, place, stack: [] } };
  }
  const hasStarters = /\b_*(con|de)structor_*\b/.test(text);
  for (const before of hasStarters ? program.startFunctions('constructor') : []) {
    const outcome = machine.call(before);
    if (outcome.kind !== 'value') return outcome;
  }
  const result = machine.call('main', args);
  if (result.kind !== 'value') return result;
  const handlers = program.functionAddress('__hosted_handlers');
  // A program that never named atexit() has no handlers.
  const after = program.loadedUnits.length > 1 && handlers !== undefined ? [handlers] : [];
  for (const handler of [...after, ...(hasStarters ? program.startFunctions('destructor') : [])]) {
    const outcome = machine.call(handler);
    if (outcome.kind !== 'value') return outcome;
  }
  return result;
}

/** argv: the program's name, then NULL; the environment behind it is empty. */
function argumentsOf(machine: Machine, name: string): bigint {
  const bytes = new TextEncoder().encode(`${name}\0`);
  const [text, argv] = [
    machine.heap.allocate({ size: bytes.length, name: 'argv[0]', zeroed: false }),
    machine.heap.allocate({ size: 24, name: 'argv', zeroed: true }),
  ];
  machine.memory.writeBytes(text, bytes);
  machine.memory.writeU64(argv, text);
  return argv;
}

/** Runs a program once. */
export function runC(name: string, text: string, options: HostedOptions = {}): HostedRun {
  return prepareC(name, text, options).run();
}
