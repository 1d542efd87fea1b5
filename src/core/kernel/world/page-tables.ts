// Page tables of simulated processes: real four-level x86-64 tables in simulated memory, as the hardware and the kernel walk them.
import {
  advance,
  alignDown,
  type Bytes,
  bytes,
  contains,
  distance,
  type Pfn,
  pfnToPhys,
  physAddr,
  physToPfn,
  type Stretch,
  type UserAddr,
} from '../../../base/units.ts';
import type { Memory } from '../../machine/memory.ts';
import { directMapBase } from '../../machine/regions.ts';
import type { KernelModel } from '../model.ts';

// Intel SDM vol. 3, 4.5.4. Bits that software defines are asked from the tree, which moves them.
export const PRESENT = 1n;
export const WRITABLE = 2n;
export const USER = 4n;
export const ACCESSED = 0x20n;
export const DIRTY = 0x40n;
const HUGE = 0x80n;
export const NO_EXECUTE = 1n << 63n;
const ADDRESS = 0x000ffffffffff000n;

/** Bits of the address that index each level, from the top. */
const SHIFTS = [39n, 30n, 21n, 12n] as const;

/** What an entry maps. */
export interface PageTableEntry {
  readonly address: bigint;
  readonly value: bigint;
  /** 12 pte, 21 pmd, 30 pud. */
  readonly shift: number;
  /** Frame of the page that was looked up, not of the entry's first. */
  readonly pfn: Pfn;
}

function tableOf(entry: bigint): bigint {
  return directMapBase + (entry & ADDRESS);
}

function slot(table: bigint, address: bigint, shift: bigint): bigint {
  return table + ((address >> shift) & 511n) * 8n;
}

/** An empty top-level table. */
export function newPageTable(kernel: KernelModel, name: string): bigint {
  return kernel.machine.heap.allocate({ size: 4096, name, zeroed: true, align: 4096 });
}

/** Stores an entry of size 2^shift for a user address, making the tables above it. `pfn` is that of the first page of the entry. */
export function mapPage(kernel: KernelModel, pgd: bigint, address: UserAddr, pfn: Pfn, shift: number, flags: bigint): void {
  const { memory } = kernel.machine;
  const physical: bigint = pfnToPhys(pfn);
  let table = pgd;
  for (const level of SHIFTS) {
    const at = slot(table, address, level);
    if (level === BigInt(shift)) {
      memory.writeU64(at, physical | flags | (shift > 12 ? HUGE : 0n));
      return;
    }
    let entry = memory.readU64(at);
    // A huge entry gives way: what it mapped is faulted in again where it is used.
    if ((entry & PRESENT) === 0n || (entry & HUGE) !== 0n) {
      entry = (newPageTable(kernel, 'page table') - directMapBase) | PRESENT | WRITABLE | USER | ACCESSED | DIRTY;
      memory.writeU64(at, entry);
    }
    table = tableOf(entry);
  }
}

/** An entry with what it maps of a user address space. */
export interface MappedEntry {
  readonly entry: PageTableEntry;
  /** First address that the entry translates; it may lie before what was asked for. */
  readonly base: UserAddr;
  readonly size: Bytes;
}

/** Every entry that is present in a part of a user address space, lowest first. */
export function entriesIn(memory: Memory, pgd: bigint, part: Stretch<'bytes', 'process'>): readonly MappedEntry[] {
  const found: MappedEntry[] = [];
  for (let address = part.start; contains(part, address);) {
    const entry = walk(memory, pgd, address);
    const size = bytes(1n << (typeof entry === 'bigint' ? entry : BigInt(entry.shift)));
    const base = alignDown(address, size);
    if (typeof entry !== 'bigint') found.push({ entry, base, size });
    address = advance(base, size);
  }
  return found;
}

/** What a walk of the tables ends at: an entry that is present, or the level at which nothing is (log2 of the bytes without a page). */
function walk(memory: Memory, pgd: bigint, address: UserAddr): PageTableEntry | bigint {
  let table = pgd;
  for (const level of SHIFTS) {
    const at = slot(table, address, level);
    const value = memory.readU64(at);
    if ((value & PRESENT) === 0n) return level;
    if (level === 12n || ((value & HUGE) !== 0n && level !== 39n)) {
      const size = bytes(1n << level);
      const inside = distance(alignDown(address, size), address);
      return { address: at, value, shift: Number(level), pfn: physToPfn(advance(alignDown(physAddr(value & ADDRESS), size), inside)) };
    }
    table = tableOf(value);
  }
  return 12n;
}

/** The entry that translates a user address; undefined when there is none that is present. */
export function lookUp(memory: Memory, pgd: bigint, address: UserAddr): PageTableEntry | undefined {
  const found = walk(memory, pgd, address);
  return typeof found === 'bigint' ? undefined : found;
}
