// struct list_head from TypeScript: the same links that include/linux/list.h makes.
import type { Memory } from '../../machine/memory.ts';

/** INIT_LIST_HEAD. */
export function listInit(memory: Memory, head: bigint): void {
  memory.writeU64(head, head);
  memory.writeU64(head + 8n, head);
}

/** list_add_tail: puts `entry` before `head`. */
export function listAddTail(memory: Memory, entry: bigint, head: bigint): void {
  const last = memory.readU64(head + 8n);
  memory.writeU64(entry, head);
  memory.writeU64(entry + 8n, last);
  memory.writeU64(last, entry);
  memory.writeU64(head + 8n, entry);
}

/** list_del_init: takes `entry` out and makes it an empty list. */
export function listRemove(memory: Memory, entry: bigint): void {
  const next = memory.readU64(entry);
  const previous = memory.readU64(entry + 8n);
  memory.writeU64(previous, next);
  memory.writeU64(next + 8n, previous);
  listInit(memory, entry);
}

/** Addresses of the entries between a head and itself. */
export function listEntries(memory: Memory, head: bigint): bigint[] {
  const out: bigint[] = [];
  for (let at = memory.readU64(head); at !== head && at !== 0n && out.length < 1 << 16; at = memory.readU64(at)) out.push(at);
  return out;
}
