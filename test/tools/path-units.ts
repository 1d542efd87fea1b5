// The units of the failure path that tools and tests read, in the order of a failure.

/** From memory_failure() to the filesystem; every tree with holders has them. */
export const pathUnits: readonly string[] = [
  'mm/memory-failure.c',
  'mm/memremap.c',
  'drivers/dax/super.c',
  'drivers/nvdimm/pmem.c',
  'fs/dax.c',
  'fs/xfs/xfs_notify_failure.c',
];

/** What a trace through the reverse map executes beside them. */
export const pathUnitsAndBtree: readonly string[] = [...pathUnits, 'fs/xfs/libxfs/xfs_rmap.c', 'fs/xfs/libxfs/xfs_btree.c'];
