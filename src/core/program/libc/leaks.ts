// Memory that a hosted program still has at its end and to which nothing points any more, as LeakSanitizer counts it.
import type { Machine } from '../../machine/machine.ts';
import { describeObject, type HeapObject } from '../../machine/objects.ts';
import type { Fault } from '../../machine/outcome.ts';
import { dropped, unreachable } from '../../machine/reachable.ts';
import { dataBase, rodataBase, vmallocBase, vmallocHeapBase } from '../../machine/regions.ts';

const siteOf = ({ allocatedAt }: HeapObject): string =>
  allocatedAt === undefined ? '' : `${allocatedAt.function} at ${allocatedAt.place?.path ?? '?'}:${allocatedAt.place?.line ?? '?'}`;

/** One fault for each place whose allocations were lost. `frames` says that functions are still running: what they hold is not lost. */
export function leaksOf(machine: Machine, frames: boolean): readonly Fault[] {
  const suspects = machine.heap.live().filter((object) => object.allocatedAt !== undefined && !object.name.startsWith('kmem_cache '));
  const lost = unreachable(machine, suspects, {
    isRoot: (page) => (page >= dataBase && page < rodataBase) || (frames && page >= vmallocBase && page < vmallocHeapBase),
    words: frames ? machine.liveWords() : [],
  });
  const sites = new Map<string, HeapObject[]>();
  for (const object of dropped(machine, lost)) {
    const site = siteOf(object);
    sites.set(site, [...(sites.get(site) ?? []), object]);
  }
  return [...sites].map(([site, objects]) => leak(site, objects));
}

function leak(site: string, objects: readonly HeapObject[]): Fault {
  const [first] = objects;
  const bytes = objects.reduce((sum, { size }) => sum + size, 0);
  const what = objects.length === 1 ? `${bytes} bytes` : `${objects.length} objects, ${bytes} bytes,`;
  const at = first?.allocatedAt;
  return {
    kind: 'leak',
    text: `memory leak: ${what} allocated in ${site} were not freed`,
    fatal: false,
    object: first === undefined ? undefined : describeObject(first, first.address),
    place: at?.place,
    stack: at === undefined ? [] : [at],
  };
}
