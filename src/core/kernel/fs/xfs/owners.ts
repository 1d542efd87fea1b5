// Owners of reverse-map records: names as the fsmap tool prints them, codes as xfs_format.h defines them.
import type { FsRecord } from '../../../scenario/schema.ts';

/** XFS_RMAP_OWN_*: negative numbers. `free` and `unknown` have no record in the tree. */
const CODES: ReadonlyMap<string, bigint> = new Map([
  ['xfs:static_fs_metadata', -3n],
  ['xfs:log', -4n],
  ['xfs:per_ag_metadata', -5n],
  ['xfs:inode_btree', -6n],
  ['xfs:inodes', -7n],
  ['xfs:refcount_btree', -8n],
  ['xfs:cow_staging', -9n],
]);

/** Owner code of a record; undefined for blocks that the reverse map does not list. */
export function ownerCode(record: FsRecord): bigint | undefined {
  if (typeof record.owner === 'bigint') return record.owner;
  return CODES.get(record.owner);
}
