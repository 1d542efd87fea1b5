// The simulated address space: x86-64 with four-level paging and without KASLR (Documentation/arch/x86/x86_64/mm.rst).

/** Direct map of all physical memory (__PAGE_OFFSET_BASE_L4). */
export const directMapBase = 0xffff888000000000n;
/** vmalloc and ioremap space; task stacks live here as with CONFIG_VMAP_STACK. */
export const vmallocBase = 0xffffc90000000000n;
/** Array of struct page (__VMEMMAP_BASE_L4). */
export const vmemmapBase = 0xffffea0000000000n;
/** Addresses of functions; `text + 16 * functionId`. */
export const textBase = 0xffffffff81000000n;
/** Globals of the program. */
export const dataBase = 0xffffffff84000000n;
/** String literals and const data. */
export const rodataBase = 0xffffffff90000000n;
/** First address of allocations made from `Heap` with region 'direct': physical 256 MiB. */
export const heapBase = directMapBase + 0x10000000n;
/** First address of allocations with region 'vmalloc'. */
export const vmallocHeapBase = 0xffffc90100000000n;
/** Below this a pointer is a user address (TASK_SIZE_MAX). */
export const userLimit = 0x0000800000000000n;
