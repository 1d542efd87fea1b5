// Reads the arguments behind a va_list in simulated memory (System V ABI of x86-64).
import type { Memory } from './memory.ts';

/** va_list of the System V ABI: registers first (gp_offset < 48), then the overflow area. */
export class VaListSource {
  private readonly memory: Memory;
  private readonly list: bigint;

  /** `list` is the address of a struct __va_list_tag. */
  constructor(memory: Memory, list: bigint) {
    this.memory = memory;
    this.list = list;
  }

  /** The next argument as raw 64 bits; the list moves on. */
  next(): bigint {
    const { memory, list } = this;
    const used = memory.readU32(list);
    if (used < 48) {
      memory.writeU32(list, used + 8);
      return memory.readU64(memory.readU64(list + 16n) + BigInt(used));
    }
    const overflow = memory.readU64(list + 8n);
    memory.writeU64(list + 8n, overflow + 8n);
    return memory.readU64(overflow);
  }
}
