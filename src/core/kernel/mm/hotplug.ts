// mm/memory_hotplug.c and its arch side: adding a device's memory means sections in the memory map, nothing else.
import { callThen } from '../../machine/intrinsic.ts';
import { intrinsic, intrinsics, nothing, type KernelIntrinsic } from '../model.ts';

const why = 'no direct map, no memory blocks, no resource tree: only the sections matter';

/** include/linux/mm.h REGION_DISJOINT. */
const REGION_DISJOINT = 1;

export const hotplugIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic(
    'int arch_add_memory(int nid, u64 start, u64 size, struct mhp_params *params)',
    'arch/x86/mm/init_64.c',
    why,
    (call) => {
      const rc = call.run('__add_pages', [call.u64(0), call.u64(1) >> 12n, call.u64(2) >> 12n, call.u64(3)]);
      return BigInt.asUintN(64, rc);
    },
    { fidelity: { partial: 'the direct map is not extended' }, params: { start: 'physAddr', size: 'bytes' } },
  ),
  intrinsic(
    'void arch_remove_memory(u64 start, u64 size, struct vmem_altmap *altmap)',
    'arch/x86/mm/init_64.c',
    why,
    (call) =>
      callThen('__remove_pages', [call.u64(0) >> 12n, call.u64(1) >> 12n, call.u64(2), ...(call.argCount > 3 ? [call.u64(3)] : [])]),
    {
      fidelity: { partial: 'the direct map stays' },
      params: { start: 'physAddr', size: 'bytes' },
      resume: () => undefined,
    },
  ),
  intrinsic(
    'void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)',
    'arch/x86/mm/init_64.c',
    'the array of struct page is a region of the machine',
    nothing,
  ),
  intrinsic(
    'void remove_pfn_range_from_zone(struct zone *zone, unsigned long start_pfn, unsigned long nr_pages)',
    'mm/memory_hotplug.c',
    why,
    nothing,
    { fidelity: { partial: 'zone spans are not kept' }, params: { start_pfn: 'pfn', nr_pages: 'pages' } },
  ),
  intrinsic(
    'int region_intersects(resource_size_t start, size_t size, unsigned long flags, unsigned long desc)',
    'kernel/resource.c',
    'devices of a scenario never overlap RAM',
    () => REGION_DISJOINT,
  ),
  intrinsic('bool mhp_range_allowed(u64 start, u64 size, bool need_mapping)', 'mm/memory_hotplug.c', why, () => true),
  ...intrinsics(
    ['int track_pfn_remap(struct vm_area_struct *vma, pgprot_t *prot, unsigned long pfn, unsigned long addr, unsigned long size)'],
    'arch/x86/mm/pat/memtype.c',
    why,
    () => 0,
  ),
  ...intrinsics(
    ['void untrack_pfn(struct vm_area_struct *vma, unsigned long pfn, unsigned long size, bool mm_wr_locked)'],
    'arch/x86/mm/pat/memtype.c',
    why,
    nothing,
  ),
  ...intrinsics(
    ['void mem_hotplug_begin(void)', 'void mem_hotplug_done(void)', 'void get_online_mems(void)', 'void put_online_mems(void)'],
    'mm/memory_hotplug.c',
    why,
    nothing,
  ),
  intrinsic(
    'void move_pfn_range_to_zone(struct zone *zone, unsigned long start_pfn, unsigned long nr_pages, struct vmem_altmap *altmap, int migratetype)',
    'mm/memory_hotplug.c',
    why,
    nothing,
    {
      fidelity: { partial: 'zone spans are not kept' },
      params: { start_pfn: 'pfn', nr_pages: 'pages' },
    },
  ),
  ...intrinsics(
    ['void memblk_nr_poison_inc(unsigned long pfn)', 'void memblk_nr_poison_sub(unsigned long pfn, long i)'],
    'drivers/base/memory.c',
    'counters of memory blocks in sysfs',
    nothing,
    { fidelity: { partial: 'the counter of the memory block stays' } },
  ),
  ...intrinsics(['void memmap_pages_add(long delta)', 'void memmap_boot_pages_add(long delta)'], 'mm/vmstat.c', 'statistics', nothing),
  intrinsic('void put_disk(struct gendisk *disk)', 'block/genhd.c', 'the disk has no device that holds it', nothing, {
    fidelity: { partial: 'the disk stays' },
  }),
  intrinsic(
    'void page_init_poison(struct page *page, size_t size)',
    'mm/debug.c',
    'a debugging pattern that initialisation overwrites',
    nothing,
  ),
  ...intrinsics(
    [
      'void static_key_slow_inc(struct static_key *key)',
      'void static_key_slow_inc_cpuslocked(struct static_key *key)',
      'void static_key_enable(struct static_key *key)',
    ],
    'kernel/jump_label.c',
    'patches code; the key is what branches read',
    (call) => {
      const { memory } = call.machine;
      memory.writeU32(call.u64(0), call.name === 'static_key_enable' ? 1 : memory.readU32(call.u64(0)) + 1);
      return true;
    },
  ),
  ...intrinsics(
    [
      'void static_key_slow_dec(struct static_key *key)',
      'void static_key_slow_dec_cpuslocked(struct static_key *key)',
      'void static_key_disable(struct static_key *key)',
    ],
    'kernel/jump_label.c',
    'patches code; the key is what branches read',
    (call) => {
      const { memory } = call.machine;
      memory.writeU32(call.u64(0), call.name === 'static_key_disable' ? 0 : Math.max(0, memory.readS32(call.u64(0)) - 1));
      return undefined;
    },
  ),
];
