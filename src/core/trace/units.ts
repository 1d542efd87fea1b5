// Units of parameters of the failure path: what a traced number counts (domain: the byte/page contract, hop by hop).

/** Units by function; names are those of the parameters in the kernel, several spellings where they changed. */
const BY_FUNCTION: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dax_holder_notify_failure: { off: 'bytes', len: 'bytes' },
  xfs_dax_notify_failure: { offset: 'bytes', len: 'bytes' },
  xfs_dax_translate_range: { offset: 'bytes', len: 'bytes' },
  xfs_dax_notify_logdev_failure: { offset: 'bytes', len: 'bytes' },
  mf_dax_kill_procs: { count: 'pages' },
  mf_generic_kill_procs: { pfn: 'pfn' },
  unmap_mapping_range: { holebegin: 'bytes', holelen: 'bytes' },
  unmap_mapping_pages: { start: 'file pages', nr: 'pages' },
  zap_page_range_single: { address: 'user address', size: 'bytes' },
  invalidate_inode_pages2_range: { start: 'file pages', end: 'file pages' },
  xfs_iget: { ino: 'inode number' },
  xfs_perag_get: { agno: 'group' },
  kill_dax: {},
};

/** Units that a parameter's name means wherever it stands on this path. */
const BY_NAME: Readonly<Record<string, string>> = {
  pfn: 'pfn',
  start_pfn: 'pfn',
  nr_pages: 'pages',
  count: 'count',
  flags: 'flags',
  mf_flags: 'flags',
  page_flags: 'flags',
  lock_flags: 'flags',
  index: 'file pages',
  pgoff: 'file pages',
  fsdax_pgoff: 'file pages',
  daddr: 'sectors512',
  bblen: 'sectors512',
  sector: 'sectors512',
  fsbno: 'fsblocks',
  agbno: 'fsblocks in group',
  agno: 'group',
  ino: 'inode number',
  addr: 'user address',
  address: 'user address',
  start_addr: 'user address',
  end_addr: 'user address',
  addr_lsb: 'log2 bytes',
  lsb: 'log2 bytes',
  rm_startblock: 'fsblocks in group',
  rm_blockcount: 'fsblocks',
  rm_offset: 'fsblocks in file',
  rm_owner: 'owner',
  rm_flags: 'flags',
  phys: 'physical address',
  phys_addr: 'physical address',
};

/** Functions whose result is 0 or a negative error number. */
const ERRNO = new Set([
  'memory_failure',
  'memory_failure_dev_pagemap',
  'pmem_pagemap_memory_failure',
  'dax_holder_notify_failure',
  'xfs_dax_notify_failure',
  'xfs_dax_notify_ddev_failure',
  'xfs_dax_notify_logdev_failure',
  'xfs_dax_failure_fn',
  'xfs_rmap_query_range',
  'xfs_btree_query_range',
  'xfs_iget',
  'xfs_alloc_read_agf',
  'mf_dax_kill_procs',
  'mf_generic_kill_procs',
  'action_result',
  'kill_proc',
]);

/** Unit of a parameter; undefined when the number means nothing by itself (a pointer, a size of a type). */
export function parameterUnit(functionName: string, parameter: string, declared: string | undefined): string | undefined {
  return declared ?? BY_FUNCTION[functionName]?.[parameter] ?? BY_NAME[parameter];
}

/** Unit of a result. */
export function resultUnit(functionName: string, declared: string | undefined): string | undefined {
  return declared ?? (ERRNO.has(functionName) ? 'errno' : undefined);
}
