// Turns a ground-truth observation into a scenario: its world and its injections, never what was observed.

import { byteOfPage, bytes, pages, type Pages, pfn, type Pfn, userAddr } from '../../base/units.ts';
import { importDevices } from './import-devices.ts';
import { convertBlocks, followCopies } from './import-extents.ts';
import { firstName, importFilesystems } from './import-files.ts';
import { decideDax, fillCached, fillPages, findFile, type Touch, touchedRuns } from './import-pages.ts';
import { importCommand, importSteps, isInjection, policyOf, removedPaths } from './import-steps.ts';
import { replayTouches } from './import-touches.ts';
import { type Observation, type ObservedMapping, type ObservedProcess, observationSchema } from './observation.ts';
import { parsePlanLine, type PlanLine } from './plan.ts';
import { type Checked, problemsOf } from './problem.ts';
import { type Filesystem, type Mapping, type Process, type Scenario, type ScenarioInput, scenarioSchema, type Step } from './schema.ts';

/** Reads the input part of an observation. */
export function importObservation(value: unknown): Checked<Scenario> {
  const parsed = observationSchema.safeParse(value);
  if (!parsed.success) return { kind: 'invalid', problems: problemsOf(parsed.error) };
  const observation = parsed.data;
  const plan = observation.topology.plan.map(parsePlanLine);
  const skeleton = scenarioSchema.safeParse(importSkeleton(observation, plan));
  if (!skeleton.success) return { kind: 'invalid', problems: problemsOf(skeleton.error) };
  const scenario = skeleton.data;
  const notes: string[] = [];
  fillWorld(scenario, observation, plan, notes);
  if (scenario.steps.length === 0) return { kind: 'invalid', problems: [{ path: 'inject', message: 'the observation injects nothing' }] };
  return { kind: 'ok', value: scenario, notes };
}

/** Everything that needs no arithmetic over devices and extents. */
function importSkeleton(observation: Observation, plan: readonly PlanLine[]): ScenarioInput {
  const mapped = new Set(
    (observation.topology.processes ?? []).flatMap((process) =>
      process.maps.filter((map) => existsAtStart(plan, process.label, map.map)).map((map) => firstName(observation, map.path)),
    ),
  );
  return {
    id: observation.id,
    title: observation.id,
    description: observation.description ?? '',
    earlyKill: Number(observation.topology['vm.memory_failure_early_kill'] ?? 0) !== 0,
    ...importDevices(observation),
    filesystems: importFilesystems(observation, mapped),
    processes: (observation.topology.processes ?? []).map((process) => importProcess(process, plan)),
    // Steps need page tables; the schema wants at least one, so this one stands in until fillWorld.
    steps: [{ kind: 'inject', failures: [{ pfn: 0 }] }],
  };
}

function importProcess(process: ObservedProcess, plan: readonly PlanLine[]): NonNullable<ScenarioInput['processes']>[number] {
  const handler = plan.find((line) => line.kind === 'proc' && line.label === process.label && line.handler !== undefined);
  return {
    label: process.label,
    ...(process.pid === undefined ? {} : { pid: process.pid }),
    ...(process.comm === undefined ? {} : { comm: process.comm.slice(0, 15) }),
    mcePolicy: policyAtStart(process, plan),
    sigbus: dispositionOf(handler?.kind === 'proc' ? handler.handler : undefined, process.sigbus_disposition),
    maps: [],
  };
}

function policyAtStart(process: ObservedProcess, plan: readonly PlanLine[]): 'early' | 'late' | 'default' {
  const first = plan.findIndex(isInjection);
  const lines = plan.filter((line, index) => line.kind === 'policy' && line.label === process.label && (first < 0 || index < first));
  const last = lines.at(-1);
  if (last?.kind === 'policy') return policyOf(last.policy);
  const later = plan.some((line) => line.kind === 'policy' && line.label === process.label);
  return later ? 'default' : policyOf(process.mce_kill_policy);
}

function dispositionOf(handler: string | undefined, text: string | undefined): 'handler' | 'default' | 'ignore' | 'block' {
  if (handler === 'default' || text === 'SIG_DFL') return 'default';
  if (handler === 'ignore' || text === 'SIG_IGN') return 'ignore';
  return handler === 'block' || text?.includes('block') === true ? 'block' : 'handler';
}

/** A mapping that the plan makes only after the first injection is a step; one that it never mentions was there. */
function existsAtStart(plan: readonly PlanLine[], label: string, name: string): boolean {
  const first = plan.findIndex(isInjection);
  const at = plan.findIndex((line) => line.kind === 'map' && line.label === label && line.map === name);
  return at < 0 || first < 0 || at < first;
}

function fillWorld(scenario: Scenario, observation: Observation, plan: readonly PlanLine[], notes: string[]): void {
  const first = plan.findIndex(isInjection);
  const before = first < 0 ? plan : plan.slice(0, first);
  const touches = before.filter((line) => line.kind === 'touch');
  const all = new Map<string, Mapping>();
  const initial = new Map<string, Mapping>();
  const pending: [Process, Mapping, ObservedMapping][] = [];
  for (const process of scenario.processes) {
    const observed = observation.topology.processes?.find((candidate) => candidate.label === process.label);
    for (const entry of observed?.maps ?? []) {
      if ((entry.errno ?? 0) !== 0) continue;
      const map = importMapping(entry, firstName(observation, entry.path));
      if (findFile(scenario, map.path) === undefined && !scenario.pmem.some((device) => `/dev/${device.name}` === map.path)) {
        notes.push(`${process.label} maps ${map.path}, which lies on none of the filesystems: left out`);
        continue;
      }
      all.set(`${process.label}:${map.name}`, map);
      if (!existsAtStart(plan, process.label, map.name)) continue;
      initial.set(`${process.label}:${map.name}`, map);
      pending.push([process, map, entry]);
    }
  }
  decideDax(scenario, observedFrames(pending));
  for (const [, map, entry] of pending) followCopies(scenario, map, presentPages(entry));
  for (const touch of touches) convertWritten(scenario, observation, initial.get(`${touch.label}:${touch.map}`), touch);
  for (const [process, map, entry] of pending) {
    fillPages(scenario, observation, process, map, entry, touches);
    process.maps.push(map);
  }
  fillCached(scenario, observation, touches, initial);
  for (const line of before) applyRemoval(scenario, line);
  const prepared = before.flatMap((line) => (line.kind === 'shell' ? applyCommand(scenario, line.command, notes) : []));
  scenario.steps = [...prepared, ...replayTouches(scenario, before), ...importSteps(scenario, observation, plan, all, notes)];
}

/** Blocks that a touch of a shared mapping wrote for the first time. */
function convertWritten(scenario: Scenario, observation: Observation, map: Mapping | undefined, touch: Touch): void {
  if (map === undefined || !touch.write || map.sharing !== 'shared' || findFile(scenario, map.path)?.file.dax === false) return;
  for (const { start, count } of touchedRuns(scenario, observation, map, touch))
    convertBlocks(scenario, map.path, byteOfPage(start), count);
}

function importMapping(entry: ObservedMapping, path: string): Mapping {
  return {
    name: entry.map,
    path,
    start: userAddr(BigInt(entry.vm_start)),
    length: bytes(BigInt(entry.length)),
    offset: bytes(BigInt(entry.file_offset)),
    prot: entry.prot,
    sharing: entry.flags.includes('MAP_PRIVATE') ? 'private' : 'shared',
    sync: entry.flags.includes('MAP_SYNC'),
    pages: [],
  };
}

function presentPages(entry: ObservedMapping): { page: Pages; pfn: Pfn }[] {
  return (entry.pages_before_first_inject ?? [])
    .filter((page) => page.present === 1 && page.pfn !== undefined)
    .map((page) => ({ page: pages(BigInt(page.page)), pfn: pfn(BigInt(page.pfn ?? 0)) }));
}

/** Frames seen through shared mappings, per file. */
function observedFrames(pending: readonly (readonly [Process, Mapping, ObservedMapping])[]): Map<string, Pfn[]> {
  const frames = new Map<string, Pfn[]>();
  for (const [, map, entry] of pending) {
    if (map.sharing !== 'shared') continue;
    const list = frames.get(map.path) ?? [];
    list.push(...presentPages(entry).map((page) => page.pfn));
    frames.set(map.path, list);
  }
  return frames;
}

/** A shell command before the first injection: the world begins as it left it; what only a step can do is one. */
function applyCommand(scenario: Scenario, command: string, notes: string[]): readonly Step[] {
  return importCommand(scenario, command, notes).filter((step) => {
    switch (step.kind) {
      case 'sysctl':
        scenario.earlyKill = step.earlyKill;
        return false;
      case 'unmount':
      case 'mount': {
        const fs = scenario.filesystems.find((candidate) => candidate.mountpoint === step.mountpoint);
        if (fs !== undefined) remount(scenario, fs, step.kind === 'mount');
        return false;
      }
      case 'unlink':
        return false;
      default:
        return true;
    }
  });
}

/** After a mount nothing is in core but the root and what is used; whether it is DAX is for the tree's own rules then. */
function remount(scenario: Scenario, fs: Filesystem, mounted: boolean): void {
  fs.mounted = mounted;
  const used = new Set(scenario.processes.flatMap((process) => process.maps.map((map) => map.path)));
  for (const file of fs.files) {
    if (file.path === fs.mountpoint || used.has(file.path)) continue;
    file.inCore = false;
    file.cached = [];
    delete file.dax;
  }
}

/** munmap, exit and rm before the first injection. */
function applyRemoval(scenario: Scenario, line: PlanLine): void {
  switch (line.kind) {
    case 'munmap': {
      const process = scenario.processes.find((candidate) => candidate.label === line.label);
      if (process !== undefined) process.maps = process.maps.filter((map) => map.name !== line.map);
      return;
    }
    case 'exit':
      scenario.processes = scenario.processes.filter((candidate) => candidate.label !== line.label);
      return;
    case 'shell':
      for (const path of removedPaths(line.command)) removeFile(scenario, path);
      return;
    default:
  }
}

function removeFile(scenario: Scenario, path: string): void {
  const owned = findFile(scenario, path);
  if (owned === undefined) return;
  const used = scenario.processes.some((process) => process.maps.some((map) => map.path === path));
  owned.file.unlinked = true;
  if (used) return;
  // Nobody holds it: the inode is gone and its blocks are free.
  owned.fs.files = owned.fs.files.filter((file) => file !== owned.file);
  owned.fs.records = owned.fs.records.filter((record) => record.owner !== owned.file.ino);
}
