// What a comparison of designs counts: who had to be told and who was, callouts through structures, memory.

import {
  advance,
  alignDown,
  bytes,
  bytesToPages,
  contains,
  elementsOf,
  framesOf,
  type Pfn,
  pfn,
  pfnToPhys,
  subtract,
} from '../../base/units.ts';
import type { HeapObject } from '../machine/objects.ts';
import { pmemOf } from '../scenario/devices.ts';
import { pagesOfEntry } from '../scenario/present-pages.ts';
import type { Scenario, Step } from '../scenario/schema.ts';
import type { FileSource } from '../source/file-source.ts';
import type { CallEvent, InjectionResult, Measures, SignalEvent, Standing } from '../trace/result.ts';
import type { Candidate, Mapper } from '../verdict/facts.ts';
import { isSelected, sameAddress } from '../verdict/laws.ts';
import { mappersIn, scenarioTasks } from './observe-world.ts';
import type { Simulation } from './simulation.ts';

const SIGKILL = 9;
const SIGBUS = 7;
/** Frames of a machine with 52 physical address bits. */
const ALL_FRAMES = { start: pfn(0n), length: bytesToPages(bytes(1n << 52n)) };

/** State before an injection. */
export interface MeasureStart {
  readonly frames: FrameSet;
  readonly mappers: readonly Mapper[];
  /** Objects allocated so far. */
  readonly objects: number;
}

/** Frames that an injection takes away. */
interface FrameSet {
  readonly kind: Measures['kind'];
  readonly pages: number;
  has(pfn: Pfn): boolean;
}

function lostFrames(scenario: Scenario, step: Step, failed: readonly Pfn[]): FrameSet {
  const device = step.kind === 'unbind' ? scenario.pmem.find((pmem) => pmem.name === step.device) : undefined;
  if (device === undefined) {
    const set = new Set(failed);
    return { kind: 'failure', pages: set.size, has: (pfn) => set.has(pfn) };
  }
  const frames = framesOf({ start: advance(device.start, device.dataOffset), length: subtract(device.size, device.dataOffset) });
  return { kind: 'removal', pages: Number(frames.length), has: (pfn) => contains(frames, pfn) };
}

/** Takes stock before an injection. */
export function startMeasure(simulation: Simulation, scenario: Scenario, step: Step, failed: readonly Pfn[]): MeasureStart {
  const { kernel } = simulation;
  return {
    frames: lostFrames(scenario, step, failed),
    mappers: mappersIn(kernel, ALL_FRAMES),
    objects: kernel.machine.heap.all().length,
  };
}

/** What happened since. `current` is the label of the task that ran; `source` tells through which member a call went. */
export function measure(
  simulation: Simulation,
  scenario: Scenario,
  start: MeasureStart,
  injection: InjectionResult,
  who: { readonly candidates: readonly Candidate[]; readonly current: string | undefined; readonly source: FileSource },
): Measures {
  const { kernel } = simulation;
  const { frames } = start;
  const lost = start.mappers.filter((mapper) => touches(mapper, frames));
  const isExpected = (label: string): boolean => {
    const candidate = who.candidates.find((process) => process.label === label);
    if (candidate?.alive !== true) return false;
    return frames.kind === 'removal' || isSelected(scenario, candidate, who.current);
  };
  const expected = unique(lost.map((mapper) => mapper.process).filter(isExpected));
  const right = injection.signals.filter((signal) => expected.includes(signal.process) && concerns(signal, lost));
  const signalled = unique(right.map((signal) => signal.process));
  const after = mappersIn(kernel, ALL_FRAMES);
  const isAlive = (label: string): boolean => scenarioTasks(kernel).some((task) => task.label === label && task.state === 'alive');
  const isThere = (mapper: Mapper): boolean => after.some((other) => other.process === mapper.process && other.address === mapper.address);
  const objects = kernel.machine.heap.all().slice(start.objects).filter(isOfTree);
  return {
    kind: frames.kind,
    pages: frames.pages,
    expected,
    signalled,
    wronglySignalled: unique(injection.signals.filter((signal) => !right.includes(signal)).map((signal) => signal.process)),
    missed: expected.filter((label) => !signalled.includes(label)),
    stillMapped: unique(lost.filter(isThere).map((mapper) => mapper.process)),
    unmappedNeedlessly: unique(
      start.mappers
        .filter((mapper) => !touches(mapper, frames) && isAlive(mapper.process) && !isThere(mapper))
        .map((mapper) => mapper.process),
    ),
    callouts: calloutsOf(injection.calls, who.source),
    allocated: bytesOf(objects),
    kept: bytesOf(objects.filter((object) => object.freedAt === undefined)),
  };
}

function unique(labels: readonly string[]): readonly string[] {
  return [...new Set(labels)];
}

/** Frames that an entry of a page table shows. */
function framesShown(mapper: Mapper): readonly Pfn[] {
  const length = pagesOfEntry(mapper.shift);
  return elementsOf({ start: alignDown(mapper.pfn, length), length });
}

/** True when the entry shows at least one lost frame; a huge one shows many. */
function touches(mapper: Mapper, frames: FrameSet): boolean {
  return framesShown(mapper).some((pfn) => frames.has(pfn));
}

/** A memory-error SIGBUS for a place that shows a lost frame, or SIGKILL, which names no place. */
function concerns(signal: SignalEvent, lost: readonly Mapper[]): boolean {
  if (signal.signo === SIGKILL) return true;
  return signal.signo === SIGBUS && lost.some((mapper) => mapper.process === signal.process && sameAddress(signal, mapper));
}

/** Names that allocators give: `kmalloc-64`, a slab cache, pages. Blocks of a disk that the scenario supplies have other names. */
const ALLOCATED = /^(?:kmalloc-\d+|percpu-\d+|page(?: \(order \d+\))?|[a-z]\w*_(?:node|cur|cache)|sigqueue)$/;

/** Objects that code of the tree allocated; what the model placed is no cost of a design. */
function isOfTree(object: HeapObject): boolean {
  return object.allocatedAt !== undefined && ALLOCATED.test(object.name);
}

function bytesOf(objects: readonly HeapObject[]): number {
  return objects.reduce((sum, object) => sum + object.size, 0);
}

/** Memory of the tree's code before the first step. */
export function standingMemory(simulation: Simulation): Standing {
  const objects = simulation.kernel.machine.heap.live().filter(isOfTree);
  const by = new Map<string, { objects: number; bytes: number }>();
  for (const object of objects) {
    const name = object.allocatedAt?.function ?? '?';
    const sum = by.get(name) ?? { objects: 0, bytes: 0 };
    by.set(name, { objects: sum.objects + 1, bytes: sum.bytes + object.size });
  }
  const mapped = mappersIn(simulation.kernel, ALL_FRAMES).filter(
    (mapper) => pmemOf(simulationScenario(simulation), pfnToPhys(mapper.pfn)) !== undefined,
  );
  const frames = new Set(mapped.flatMap(framesShown));
  return {
    bytes: bytesOf(objects),
    mappedPages: frames.size,
    by: [...by].map(([name, sum]) => ({ function: name, ...sum })).sort((a, b) => b.bytes - a.bytes || (a.function < b.function ? -1 : 1)),
  };
}

function simulationScenario(simulation: Simulation): Pick<Scenario, 'pmem' | 'partitions' | 'mapped'> {
  return simulation.world.kind === 'value' ? simulation.world.value.scenario : { pmem: [], partitions: [], mapped: [] };
}

const MEMBER_CALL = /(?:->|\.)\s*([A-Za-z_]\w*)\s*\(/g;

/** Calls whose text names a member instead of the function that ran. */
function calloutsOf(calls: readonly CallEvent[], source: FileSource): Record<string, number> {
  const counts: Record<string, number> = {};
  const lines = new Map<string, readonly string[]>();
  const slots = new Map<string, string | undefined>();
  for (const call of calls) {
    if (call.callSite === undefined) continue;
    const key = `${call.callSite} ${call.function}`;
    if (!slots.has(key)) slots.set(key, memberAt(call, call.callSite, source, lines));
    const slot = slots.get(key);
    if (slot !== undefined) counts[slot] = (counts[slot] ?? 0) + 1;
  }
  return counts;
}

function memberAt(call: CallEvent, site: string, source: FileSource, cache: Map<string, readonly string[]>): string | undefined {
  const colon = site.lastIndexOf(':');
  const path = site.slice(0, colon);
  let lines = cache.get(path);
  if (lines === undefined) cache.set(path, (lines = (source.read(path) ?? '').split('\n')));
  const text = lines[Number(site.slice(colon + 1)) - 1] ?? '';
  if (new RegExp(`(?:^|[^\\w.>])${call.function}\\s*\\(`).test(text)) return undefined;
  return [...text.matchAll(MEMBER_CALL)][0]?.[1];
}
