// One simulated kernel with its world: program, machine, kernel model, recorder, ready to run the steps of a scenario.

import { bootSymbols, placeBootGlobals } from '../kernel/boot-globals.ts';
import { KernelModel } from '../kernel/model.ts';
import { kernelAsmModels, kernelRegistry } from '../kernel/registry.ts';
import type { World } from '../kernel/world/types.ts';
import { buildWorld } from '../kernel/world/world.ts';
import type { IntrinsicRegistry } from '../machine/intrinsic.ts';
import type { Machine } from '../machine/machine.ts';
import type { Outcome } from '../machine/outcome.ts';
import { Program } from '../program/program.ts';
import type { UnitLoader } from '../program/unit-loader.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { FileSource } from '../source/file-source.ts';
import { type ProbeRead, Recorder } from '../trace/recorder.ts';

export interface SimulationOptions {
  readonly source: FileSource;
  readonly loader: UnitLoader;
  readonly all: boolean;
  readonly reads?: ReadonlyMap<string, readonly ProbeRead[]>;
  /** IR instructions for the whole run. */
  readonly steps?: number;
}

/** Everything that one run of a scenario needs. */
export interface Simulation {
  readonly kernel: KernelModel;
  readonly program: Program;
  readonly machine: Machine;
  readonly intrinsics: IntrinsicRegistry;
  readonly recorder: Recorder;
  readonly world: Outcome<World>;
  /** What was refused or missing while the world was built, but did not stop it. */
  readonly notes: readonly string[];
}

/** Budget of a whole run in IR instructions: a world takes up to half a million, an injection some ten thousand. */
const STEPS = 20_000_000;

/** Links a program and builds the world; the recorder listens from here on. */
export function startSimulation(scenario: Scenario, options: SimulationOptions): Simulation {
  const kernel = new KernelModel();
  const intrinsics = kernelRegistry(kernel);
  const program = new Program(
    { source: options.source, intrinsics, asmModels: kernelAsmModels(kernel), linkerSymbols: bootSymbols() },
    options.loader,
  );
  const machine = program.newMachine({ steps: options.steps ?? STEPS });
  placeBootGlobals(machine);
  kernel.bind(machine, program);
  const notes: string[] = [];
  const world = buildWorld(kernel, scenario, notes);
  const recorder = new Recorder({
    program,
    memory: machine.memory,
    intrinsics,
    all: options.all,
    ...(options.reads === undefined ? {} : { reads: options.reads }),
  });
  return { kernel, program, machine, intrinsics, recorder, world, notes };
}
