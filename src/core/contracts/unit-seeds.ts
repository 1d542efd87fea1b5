// What names of the kernel tell about units; facts as data. A tree under work needs a row here at most.
import type { UnitName } from '../../base/unit-name.ts';

/** Type names that carry a unit. */
export const typeUnits: Readonly<Record<string, UnitName>> = {
  pgoff_t: 'pageIndex',
  sector_t: 'sectors512',
  xfs_daddr_t: 'sectors512',
  xfs_agblock_t: 'agblocks',
  xfs_extlen_t: 'fsblocks',
  xfs_fsblock_t: 'fsblocks',
  xfs_rfsblock_t: 'fsblocks',
  xfs_filblks_t: 'fsblocks',
  xfs_fileoff_t: 'fsblocks',
  xfs_rtblock_t: 'fsblocks',
  xfs_rgblock_t: 'fsblocks',
  xfs_agnumber_t: 'agNumber',
  xfs_ino_t: 'inodeNumber',
  phys_addr_t: 'physAddr',
  resource_size_t: 'physAddr',
  loff_t: 'fileBytes',
  pfn_t: 'pfn',
  vm_fault_t: 'flags',
  gfp_t: 'flags',
  bool: 'boolean',
};

/** A function or macro that converts: units of its arguments (undefined: no unit) and of its value. */
export interface Conversion {
  readonly args: readonly (UnitName | undefined)[];
  readonly result?: UnitName;
}

const one = (from: UnitName, to: UnitName): Conversion => ({ args: [from], result: to });
const second = (from: UnitName, to: UnitName): Conversion => ({ args: [undefined, from], result: to });

/** include/linux/pfn.h, mm.h, pagemap.h, blkdev.h; fs/xfs/libxfs/xfs_format.h, xfs_fs.h. */
export const conversions: Readonly<Record<string, Conversion>> = {
  PFN_PHYS: one('pfn', 'physAddr'),
  PHYS_PFN: one('physAddr', 'pfn'),
  PFN_DOWN: one('physAddr', 'pfn'),
  PFN_UP: one('physAddr', 'pfn'),
  __pfn_to_phys: one('pfn', 'physAddr'),
  pfn_to_page: { args: ['pfn'] },
  pfn_to_online_page: { args: ['pfn'] },
  pfn_valid: { args: ['pfn'], result: 'boolean' },
  pfn_folio: { args: ['pfn'] },
  pfn_to_kaddr: { args: ['pfn'] },
  get_dev_pagemap: { args: ['pfn'] },
  page_to_pfn: { args: [undefined], result: 'pfn' },
  folio_pfn: { args: [undefined], result: 'pfn' },
  page_to_phys: { args: [undefined], result: 'physAddr' },
  page_pgoff: { args: [undefined], result: 'pageIndex' },
  page_to_pgoff: { args: [undefined], result: 'pageIndex' },
  linear_page_index: { args: [undefined, 'userAddr'], result: 'pageIndex' },
  thp_nr_pages: { args: [undefined], result: 'pages' },
  compound_nr: { args: [undefined], result: 'pages' },
  folio_nr_pages: { args: [undefined], result: 'pages' },
  page_size: { args: [undefined], result: 'bytes' },
  folio_size: { args: [undefined], result: 'bytes' },
  page_shift: { args: [undefined], result: 'log2Bytes' },
  i_size_read: { args: [undefined], result: 'fileBytes' },
  range_len: { args: [undefined], result: 'bytes' },
  bdev_nr_bytes: { args: [undefined], result: 'bytes' },
  bdev_nr_sectors: { args: [undefined], result: 'sectors512' },
  get_capacity: { args: [undefined], result: 'sectors512' },
  get_start_sect: { args: [undefined], result: 'sectors512' },
  to_sector: one('bytes', 'sectors512'),
  to_bytes: one('sectors512', 'bytes'),
  BTOBB: one('bytes', 'sectors512'),
  BTOBBT: one('bytes', 'sectors512'),
  BBTOB: one('sectors512', 'bytes'),
  XFS_B_TO_FSB: second('bytes', 'fsblocks'),
  XFS_B_TO_FSBT: second('bytes', 'fsblocks'),
  XFS_FSB_TO_B: second('fsblocks', 'bytes'),
  XFS_FSB_TO_BB: second('fsblocks', 'sectors512'),
  XFS_BB_TO_FSB: second('sectors512', 'fsblocks'),
  XFS_BB_TO_FSBT: second('sectors512', 'fsblocks'),
  XFS_DADDR_TO_FSB: second('sectors512', 'fsblocks'),
  XFS_FSB_TO_DADDR: second('fsblocks', 'sectors512'),
  XFS_FSB_TO_AGNO: second('fsblocks', 'agNumber'),
  XFS_FSB_TO_AGBNO: second('fsblocks', 'agblocks'),
  XFS_AGB_TO_FSB: { args: [undefined, 'agNumber', 'agblocks'], result: 'fsblocks' },
  XFS_DADDR_TO_AGNO: second('sectors512', 'agNumber'),
  XFS_DADDR_TO_AGBNO: second('sectors512', 'agblocks'),
  xfs_daddr_to_agno: second('sectors512', 'agNumber'),
  xfs_daddr_to_agbno: second('sectors512', 'agblocks'),
};

/** Conversions between bytes and pages that take positions and counts alike. */
export const pageConversion = /^(PFN_PHYS|PHYS_PFN|PFN_DOWN|PFN_UP|__pfn_to_phys)$/;

/** Functions and macros whose value has the unit of their arguments. */
export const sameUnit =
  /^(min|max|min_t|max_t|clamp|clamp_t|min3|max3|round_up|round_down|ALIGN|ALIGN_DOWN|roundup|rounddown|READ_ONCE|likely|unlikely|umin|umax|abs|cpu_to_be\d+|be\d+_to_cpu|le\d+_to_cpu|cpu_to_le\d+|array_index_nospec|PAGE_ALIGN|PAGE_ALIGN_DOWN)$/;

/** Members of structs, by `struct.member` or `.member` for any struct. */
export const memberUnits: Readonly<Record<string, UnitName>> = {
  'pmem_device.phys_addr': 'physAddr',
  'pmem_device.data_offset': 'bytes',
  'pmem_device.size': 'bytes',
  'range.start': 'physAddr',
  'range.end': 'physAddr',
  'resource.start': 'physAddr',
  'resource.end': 'physAddr',
  'vm_area_struct.vm_pgoff': 'pageIndex',
  'vm_area_struct.vm_start': 'userAddr',
  'vm_area_struct.vm_end': 'userAddr',
  'page.index': 'pageIndex',
  'folio.index': 'pageIndex',
  'vm_fault.pgoff': 'pageIndex',
  'vm_fault.address': 'userAddr',
  'to_kill.addr': 'userAddr',
  'to_kill.size_shift': 'log2Bytes',
  'inode.i_size': 'fileBytes',
  'xfs_rmap_irec.rm_startblock': 'agblocks',
  'xfs_rmap_irec.rm_blockcount': 'fsblocks',
  'xfs_rmap_irec.rm_offset': 'fsblocks',
  'xfs_rmap_irec.rm_owner': 'inodeNumber',
  'xfs_buftarg.bt_dax_part_off': 'bytes',
  'xfs_sb.sb_agblocks': 'fsblocks',
  'xfs_sb.sb_dblocks': 'fsblocks',
  'xfs_sb.sb_logblocks': 'fsblocks',
  'xfs_sb.sb_logstart': 'fsblocks',
  'dm_target.begin': 'sectors512',
  'dm_target.len': 'sectors512',
  'linear_c.start': 'sectors512',
  'bio.bi_iter.bi_sector': 'sectors512',
};

/** Shift counts and factors that convert. */
export const pageShift = /^(PAGE_SHIFT|HPAGE_SHIFT_BASE)$/;
export const sectorShift = /^(SECTOR_SHIFT|BBSHIFT|9)$/;
export const sectorSize = /^(512|SECTOR_SIZE|BBSIZE)$/;
export const blockShift = /(sb_blocklog|s_blocksize_bits|i_blkbits|blkbits|blocklog)$/;
export const pageSize = /^(PAGE_SIZE|\(1 ?<< ?PAGE_SHIFT\))$/;

/** Parameter and variable names: weak evidence, the last resort. */
export const nameUnits: readonly (readonly [RegExp, UnitName])[] = [
  [/^(.*_)?pfn(_\w+)?$/, 'pfn'],
  [/^(nr_pages|npages|nrpages|pgcount|page_count)$/, 'pages'],
  [/^(mf_)?flags$/, 'flags'],
  [/^(pgoff|pgidx|page_index)$/, 'pageIndex'],
  [/^(daddr|bblen|bbcount|sector|nr_sectors)$/, 'sectors512'],
  [/^(bytes|nbytes|len_bytes|byte_off|byte_len)$/, 'bytes'],
  [/^(agbno|agblock)$/, 'agblocks'],
  [/^(fsbno|fsblock|fsb|blockcount)$/, 'fsblocks'],
  [/^agno$/, 'agNumber'],
  [/^(paddr|phys|phys_addr|physaddr)$/, 'physAddr'],
  [/^(error|err|rc|ret|retval)$/, 'errno'],
];

/** Values that name a unit by themselves. */
export const constantUnits: Readonly<Record<string, UnitName>> = {
  PAGE_SIZE: 'bytes',
  PMD_SIZE: 'bytes',
  PUD_SIZE: 'bytes',
  SECTOR_SIZE: 'bytes',
  PAGE_SHIFT: 'log2Bytes',
  PMD_SHIFT: 'log2Bytes',
  PUD_SHIFT: 'log2Bytes',
};

/** What a position counts from, when a parameter list holds a pointer to some struct. */
export const origins: readonly { readonly unit: UnitName; readonly struct?: string; readonly from: string }[] = [
  { unit: 'bytes', struct: 'dax_device', from: 'byte 0 of the dax_device' },
  { unit: 'pageIndex', struct: 'dax_device', from: 'page 0 of the dax_device' },
  { unit: 'pageIndex', struct: 'address_space', from: 'the start of the file' },
  { unit: 'pageIndex', struct: 'pmem_device', from: 'page 0 of the dax_device' },
  { unit: 'pageIndex', struct: 'dev_dax', from: 'page 0 of the dax_device' },
  { unit: 'pageIndex', struct: 'dm_target', from: 'page 0 of the mapped device' },
  { unit: 'pageIndex', struct: 'inode', from: 'the start of the file' },
  { unit: 'pageIndex', struct: 'page', from: 'the start of the file' },
  { unit: 'pageIndex', struct: 'folio', from: 'the start of the file' },
  { unit: 'pageIndex', struct: 'file', from: 'the start of the file' },
  { unit: 'pageIndex', struct: 'vm_area_struct', from: 'the start of the file' },
  { unit: 'pageIndex', struct: 'vm_fault', from: 'the start of the file' },
  { unit: 'pfn', from: 'physical address 0' },
  { unit: 'physAddr', from: 'physical address 0' },
  { unit: 'sectors512', struct: 'xfs_mount', from: 'the start of the block device' },
  { unit: 'sectors512', struct: 'block_device', from: 'the start of the block device' },
  { unit: 'sectors512', struct: 'dm_target', from: 'the start of the mapped device' },
  { unit: 'agblocks', from: 'the start of the allocation group' },
  { unit: 'fileBytes', from: 'the start of the file' },
  { unit: 'userAddr', from: 'address 0 of the process' },
];
