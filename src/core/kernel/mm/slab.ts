// mm/slab*.c, mm/vmalloc.c, mm/percpu.c, mm/page_alloc.c: every allocation is an object with bounds and history; it never fails.
import type { IntrinsicCall, IntrinsicResult } from '../../machine/intrinsic.ts';
import { reportAtomic, reportFreedLocks } from '../locks.ts';
import { listInit } from '../world/list.ts';
import { intrinsic, intrinsics, nothing, type KernelIntrinsic, type KernelModel, type StateKey } from '../model.ts';

const why = 'allocations are tracked: bounds, lifetime, leaks';
const GFP_ZERO = 0x100n;

interface Cache {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly align: number;
  /** Function that every new object goes through; 0 when there is none. */
  readonly constructor: bigint;
  /** Objects start zeroed with an empty list at this offset (radix_tree_node_ctor). */
  readonly emptyListAt: number | undefined;
}

const caches: StateKey<Map<bigint, Cache>> = { name: 'caches', create: () => new Map(), clone: (v) => new Map(v) };

/** `__GFP_ZERO` moved between versions: asked from the tree, 0x100 when it is no constant there. */
function zeroes(kernel: KernelModel, gfp: bigint): boolean {
  const bit = kernel.constant('__GFP_ZERO') ?? kernel.constant('___GFP_ZERO') ?? GFP_ZERO;
  return (gfp & 0xffffffffn & bit) !== 0n;
}

/** `__GFP_DIRECT_RECLAIM`: the allocation may wait for memory (the same bit in every tree since 4.4). */
const GFP_DIRECT_RECLAIM = 0x400;

/** might_alloc(): an allocation that may wait, where nobody may sleep. */
function checkContext(call: IntrinsicCall, kernel: KernelModel, gfp: number): void {
  if ((gfp & GFP_DIRECT_RECLAIM) !== 0) reportAtomic(call, kernel);
}

function allocate(call: IntrinsicCall, size: bigint, zeroed: boolean, name = `kmalloc-${size}`): bigint {
  // ZERO_SIZE_PTR, include/linux/slab.h.
  if (size === 0n) return 16n;
  return call.machine.heap.allocate({ size: Number(size), name, zeroed });
}

const sized =
  (sizeAt: number, gfpAt: number | undefined, zeroed = false) =>
  (call: IntrinsicCall, kernel: KernelModel): IntrinsicResult => {
    if (gfpAt !== undefined) checkContext(call, kernel, call.u32(gfpAt));
    return allocate(call, call.u64(sizeAt), zeroed || (gfpAt !== undefined && zeroes(kernel, BigInt(call.u32(gfpAt)))));
  };

const arrayed =
  (zeroed: boolean) =>
  (call: IntrinsicCall, kernel: KernelModel): IntrinsicResult => {
    checkContext(call, kernel, call.u32(2));
    return allocate(call, call.u64(0) * call.u64(1), zeroed || zeroes(kernel, BigInt(call.u32(2))));
  };

function fromCache(call: IntrinsicCall, kernel: KernelModel, gfpAt: number): IntrinsicResult {
  const cache = kernel.part(caches).get(call.u64(0));
  if (cache === undefined) {
    return {
      kind: 'limit',
      limit: { kind: 'model', name: call.name, text: `${call.name} of a slab cache that was never created (in ${call.caller ?? '?'})` },
    };
  }
  checkContext(call, kernel, call.u32(gfpAt));
  const zeroed = zeroes(kernel, BigInt(call.u32(gfpAt)));
  const address = call.machine.heap.allocate({ size: cache.size, name: cache.name, zeroed, align: cache.align });
  if (cache.emptyListAt !== undefined) {
    call.machine.memory.fill(address, cache.size, 0);
    listInit(call.machine.memory, address + BigInt(cache.emptyListAt));
  }
  if (cache.constructor !== 0n) {
    call.machine.memory.fill(address, cache.size, 0);
    call.run(cache.constructor, [address]);
  }
  return address;
}

function free(call: IntrinsicCall, kernel: KernelModel, address: bigint): IntrinsicResult {
  if (address > 16n && BigInt.asIntN(64, address) !== 0n) {
    reportFreedLocks(call, kernel, address, call.machine.heap.sizeOf(address) ?? 0);
    call.machine.heap.free(address);
  }
  return undefined;
}

/** Makes a cache and gives the address of its (opaque) struct kmem_cache. */
export function createCache(
  kernel: KernelModel,
  name: string,
  size: number,
  align: number,
  constructor: bigint,
  emptyListAt?: number,
): bigint {
  const address = kernel.machine.heap.allocate({ size: 64, name: `kmem_cache ${name}`, zeroed: true });
  kernel.part(caches).set(address, { name, size, align: align === 0 ? 8 : align, constructor, emptyListAt });
  return address;
}

const names = (name: string): readonly string[] => [name, `${name}_noprof`];

const kmalloc = [
  ...intrinsics(
    [...names('kmalloc'), ...names('__kmalloc'), '__kmalloc_large_noprof', ...names('kmalloc_large'), ...names('kvmalloc')].map(
      (n) => `void *${n}(size_t size, gfp_t flags)`,
    ),
    'mm/slab_common.c',
    why,
    sized(0, 1),
  ),
  ...intrinsics(
    [...names('kzalloc'), ...names('kvzalloc')].map((n) => `void *${n}(size_t size, gfp_t flags)`),
    'include/linux/slab.h',
    why,
    sized(0, 1, true),
  ),
  ...intrinsics(
    [...names('kmalloc_node'), ...names('__kmalloc_node'), ...names('kvmalloc_node'), ...names('kmalloc_large_node')].map(
      (n) => `void *${n}(size_t size, gfp_t flags, int node)`,
    ),
    'mm/slab_common.c',
    why,
    sized(0, 1),
  ),
  ...intrinsics(
    [
      'void *kzalloc_node(size_t size, gfp_t flags, int node)',
      'void *kzalloc_node_noprof(size_t size, gfp_t flags, int node)',
      'void *kvzalloc_node(size_t size, gfp_t flags, int node)',
    ],
    'include/linux/slab.h',
    why,
    sized(0, 1, true),
  ),
  ...intrinsics(
    names('kmalloc_array').map((n) => `void *${n}(size_t n, size_t size, gfp_t flags)`),
    'include/linux/slab.h',
    why,
    arrayed(false),
  ),
  ...intrinsics(
    [...names('kcalloc'), 'void *kvcalloc'].map((n) => `${n.startsWith('void') ? n : `void *${n}`}(size_t n, size_t size, gfp_t flags)`),
    'include/linux/slab.h',
    why,
    arrayed(true),
  ),
  ...intrinsics(
    [
      'void *kmalloc_trace(struct kmem_cache *s, gfp_t gfpflags, size_t size)',
      'void *kmem_cache_alloc_trace(struct kmem_cache *s, gfp_t gfpflags, size_t size)',
    ],
    'mm/slab_common.c',
    why,
    sized(2, 1),
  ),
  intrinsic('void *__kmalloc_cache_noprof(struct kmem_cache *s, gfp_t gfpflags, size_t size)', 'mm/slub.c', why, sized(2, 1)),
  ...intrinsics(
    [
      'void kfree(const void *object)',
      'void kvfree(const void *addr)',
      'void kfree_sensitive(const void *p)',
      'void vfree(const void *addr)',
      'void kfree_const(const void *x)',
    ],
    'mm/slab_common.c',
    why,
    (call, kernel) => free(call, kernel, call.u64(0)),
  ),
  intrinsic('void kvfree_sensitive(const void *addr, size_t len)', 'mm/util.c', why, (call, kernel) => free(call, kernel, call.u64(0))),
  intrinsic('size_t ksize(const void *objp)', 'mm/slab_common.c', why, (call) => BigInt(call.machine.heap.sizeOf(call.u64(0)) ?? 0)),
];

const kmemCache = [
  ...intrinsics(
    [...names('kmem_cache_alloc')].map((n) => `void *${n}(struct kmem_cache *s, gfp_t gfpflags)`),
    'mm/slub.c',
    why,
    (call, kernel) => fromCache(call, kernel, 1),
  ),
  ...intrinsics(
    [...names('kmem_cache_alloc_node')].map((n) => `void *${n}(struct kmem_cache *s, gfp_t gfpflags, int node)`),
    'mm/slub.c',
    why,
    (call, kernel) => fromCache(call, kernel, 1),
  ),
  ...intrinsics(
    [...names('kmem_cache_alloc_lru')].map((n) => `void *${n}(struct kmem_cache *s, struct list_lru *lru, gfp_t gfpflags)`),
    'mm/slub.c',
    why,
    (call, kernel) => fromCache(call, kernel, 2),
  ),
  intrinsic('void kmem_cache_free(struct kmem_cache *s, void *x)', 'mm/slub.c', why, (call, kernel) => free(call, kernel, call.u64(1))),
  intrinsic('int kmem_cache_alloc_bulk(struct kmem_cache *s, gfp_t flags, size_t size, void **p)', 'mm/slub.c', why, (call, kernel) => {
    const n = Number(call.u64(2));
    for (let i = 0; i < n; i++) {
      const one = fromCache(call, kernel, 1);
      if (typeof one !== 'bigint') return one;
      call.machine.memory.writeU64(call.u64(3) + BigInt(8 * i), one);
    }
    return n;
  }),
  intrinsic('void kmem_cache_free_bulk(struct kmem_cache *s, size_t size, void **p)', 'mm/slub.c', why, (call) => {
    for (let i = 0; i < Number(call.u64(1)); i++) call.machine.heap.free(call.machine.memory.readU64(call.u64(2) + BigInt(8 * i)));
    return undefined;
  }),
  intrinsic(
    'struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align, slab_flags_t flags, void (*ctor)(void *))',
    'mm/slab_common.c',
    why,
    (call, kernel) => createCache(kernel, call.string(0), call.u32(1), call.u32(2), call.u64(4)),
  ),
  intrinsic(
    'struct kmem_cache *kmem_cache_create_usercopy(const char *name, unsigned int size, unsigned int align, slab_flags_t flags, unsigned int useroffset, unsigned int usersize, void (*ctor)(void *))',
    'mm/slab_common.c',
    why,
    (call, kernel) => createCache(kernel, call.string(0), call.u32(1), call.u32(2), call.u64(6)),
  ),
  intrinsic(
    'struct kmem_cache *__kmem_cache_create_args(const char *name, unsigned int object_size, struct kmem_cache_args *args, slab_flags_t flags)',
    'mm/slab_common.c',
    why,
    (call, kernel) => {
      const args = call.u64(2) === 0n ? undefined : kernel.view('struct kmem_cache_args', call.u64(2));
      return createCache(kernel, call.string(0), call.u32(1), args?.member('align').readNumber() ?? 0, args?.member('ctor').read() ?? 0n);
    },
  ),
  intrinsic('bool slab_is_available(void)', 'mm/slab_common.c', why, () => true),
  intrinsic('void kmem_cache_destroy(struct kmem_cache *s)', 'mm/slab_common.c', why, nothing),
];

const PAGE = 4096n;

function pages(call: IntrinsicCall, kernel: KernelModel, order: number, gfp: bigint): bigint {
  checkContext(call, kernel, Number(gfp));
  const size = Number(PAGE) << order;
  return call.machine.heap.allocate({ size, name: `page (order ${order})`, zeroed: zeroes(kernel, gfp), align: size });
}

const percpuAndPages = [
  ...intrinsics(
    [
      'void __percpu *__alloc_percpu(size_t size, size_t align)',
      'void __percpu *__alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp)',
      'void __percpu *pcpu_alloc_noprof(size_t size, size_t align, bool reserved, gfp_t gfp)',
    ],
    'mm/percpu.c',
    'one CPU',
    (call) => allocate(call, call.u64(0), true, `percpu-${call.u64(0)}`),
  ),
  intrinsic('void free_percpu(void __percpu *ptr)', 'mm/percpu.c', 'one CPU', (call, kernel) => free(call, kernel, call.u64(0))),
  ...intrinsics(
    ['void *vmalloc(unsigned long size)', 'void *vmalloc_noprof(unsigned long size)'],
    'mm/vmalloc.c',
    why,
    sized(0, undefined),
  ),
  ...intrinsics(
    [
      'void *vzalloc(unsigned long size)',
      'void *vzalloc_noprof(unsigned long size)',
      'void *vzalloc_node(unsigned long size, int node)',
      'void *vzalloc_node_noprof(unsigned long size, int node)',
    ],
    'mm/vmalloc.c',
    why,
    sized(0, undefined, true),
  ),
  ...intrinsics(
    [
      'unsigned long __get_free_pages(gfp_t gfp_mask, unsigned int order)',
      'unsigned long get_free_pages_noprof(gfp_t gfp_mask, unsigned int order)',
    ],
    'mm/page_alloc.c',
    why,
    (call, kernel) => pages(call, kernel, call.u32(1), BigInt(call.u32(0))),
  ),
  ...intrinsics(
    ['unsigned long get_zeroed_page(gfp_t gfp_mask)', 'unsigned long get_zeroed_page_noprof(gfp_t gfp_mask)'],
    'mm/page_alloc.c',
    why,
    (call) => call.machine.heap.allocate({ size: 4096, name: 'page', zeroed: true, align: 4096 }),
  ),
  intrinsic('void bitmap_free(const unsigned long *bitmap)', 'lib/bitmap.c', why, (call, kernel) => free(call, kernel, call.u64(0))),
  intrinsic('void free_pages(unsigned long addr, unsigned int order)', 'mm/page_alloc.c', why, (call, kernel) =>
    free(call, kernel, call.u64(0)),
  ),
];

/** include/linux/percpu-refcount.h PERCPU_REF_INIT_ATOMIC, PERCPU_REF_INIT_DEAD, PERCPU_REF_ALLOW_REINIT. */
const INIT_ATOMIC = 1;
const INIT_DEAD = 2;
const ALLOW_REINIT = 4;

/** Dynamic references: the counter of the one CPU, live from the start. */
const references = [
  intrinsic(
    'int percpu_ref_init(struct percpu_ref *ref, percpu_ref_func_t *release, unsigned int flags, gfp_t gfp)',
    'lib/percpu-refcount.c',
    'one CPU',
    (call, kernel) => {
      const ref = kernel.view('struct percpu_ref', call.u64(0));
      const flags = call.u32(2);
      const isAtomic = (flags & (INIT_ATOMIC | INIT_DEAD)) !== 0;
      const isDead = (flags & INIT_DEAD) !== 0;
      // __PERCPU_REF_ATOMIC and __PERCPU_REF_DEAD are the low bits of the pointer.
      ref.member('percpu_count_ptr').write(allocate(call, 8n, true, 'percpu-8') | (isAtomic ? 1n : 0n) | (isDead ? 2n : 0n));
      const data = kernel.create('struct percpu_ref_data', 'percpu_ref_data');
      // PERCPU_COUNT_BIAS (lib/percpu-refcount.c) and one reference.
      data.member('count.counter').write((isAtomic ? 0n : 1n << 63n) + (isDead ? 0n : 1n));
      if (data.has('force_atomic')) data.member('force_atomic').write(flags & INIT_ATOMIC);
      if (data.has('allow_reinit')) data.member('allow_reinit').write(isAtomic || (flags & ALLOW_REINIT) !== 0 ? 1 : 0);
      data.member('release').write(call.u64(1));
      data.member('ref').write(ref.address);
      ref.member('data').write(data.address);
      return 0;
    },
  ),
];

export const slabIntrinsics: readonly KernelIntrinsic[] = [...kmalloc, ...kmemCache, ...percpuAndPages, ...references];
