// Units of parameters of the failure path: what a traced number counts (domain: the byte/page contract, hop by hop).
import type { UnitName } from '../../base/unit-name.ts';

/** Units by function; names are those of the parameters in the kernel, several spellings where they changed. */
const BY_FUNCTION: Readonly<Record<string, Readonly<Record<string, UnitName>>>> = {
  dax_holder_notify_failure: { off: 'bytes', len: 'bytes' },
  xfs_dax_notify_failure: { offset: 'bytes', len: 'bytes' },
  xfs_dax_translate_range: { offset: 'bytes', len: 'bytes' },
  xfs_dax_notify_logdev_failure: { offset: 'bytes', len: 'bytes' },
  mf_dax_kill_procs: { count: 'pages' },
  mf_generic_kill_procs: { pfn: 'pfn' },
  unmap_mapping_range: { holebegin: 'bytes', holelen: 'bytes' },
  unmap_mapping_pages: { start: 'pageIndex', nr: 'pages' },
  zap_page_range_single: { address: 'userAddr', size: 'bytes' },
  invalidate_inode_pages2_range: { start: 'pageIndex', end: 'pageIndex' },
  xfs_iget: { ino: 'inodeNumber' },
  xfs_perag_get: { agno: 'agNumber' },
};

/** Units that a parameter's name means wherever it stands on this path. */
const BY_NAME: Readonly<Record<string, UnitName>> = {
  pfn: 'pfn',
  start_pfn: 'pfn',
  nr_pages: 'pages',
  count: 'count',
  flags: 'flags',
  mf_flags: 'flags',
  page_flags: 'flags',
  lock_flags: 'flags',
  index: 'pageIndex',
  pgoff: 'pageIndex',
  fsdax_pgoff: 'pageIndex',
  daddr: 'sectors512',
  bblen: 'sectors512',
  sector: 'sectors512',
  fsbno: 'fsblocks',
  agbno: 'agblocks',
  agno: 'agNumber',
  ino: 'inodeNumber',
  addr: 'userAddr',
  address: 'userAddr',
  start_addr: 'userAddr',
  end_addr: 'userAddr',
  addr_lsb: 'log2Bytes',
  lsb: 'log2Bytes',
  rm_startblock: 'agblocks',
  rm_blockcount: 'fsblocks',
  rm_offset: 'fsblocks',
  rm_flags: 'flags',
  phys: 'physAddr',
  phys_addr: 'physAddr',
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
export function parameterUnit(functionName: string, parameter: string, declared: UnitName | undefined): UnitName | undefined {
  return declared ?? BY_FUNCTION[functionName]?.[parameter] ?? BY_NAME[parameter];
}

/** Unit of a result. */
export function resultUnit(functionName: string, declared: UnitName | undefined): UnitName | undefined {
  return declared ?? (ERRNO.has(functionName) ? 'errno' : undefined);
}
