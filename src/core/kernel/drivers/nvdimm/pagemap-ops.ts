// drivers/nvdimm/pmem.c pmem_attach_disk(): which operations it gives to its page map, however the tree under work writes that down.
import { sizeOf } from '../../../ctype/layout.ts';
import { stopWithLimit } from '../../../machine/outcome.ts';
import type { View } from '../../../machine/view.ts';
import type { KernelModel } from '../../model.ts';

const PMEM = 'drivers/nvdimm/pmem.c';
const ATTACH = 'pmem_attach_disk';
/** The name that all released kernels use. */
const USUAL = 'fsdax_pagemap_ops';

/** Address of the operations for the page map of `pmem` (a struct pmem_device); a statement that says it in an unknown way is named. */
export function pagemapOps(kernel: KernelModel, pmem: View): bigint {
  const text = attachText(kernel);
  const value = /\bpgmap(?:\.|->)ops\s*=\s*([^;]+);/.exec(text)?.[1]?.trim();
  if (value === undefined || value === `&${USUAL}`) return kernel.global(USUAL, PMEM);
  const found = valueOf(kernel, pmem, value) ?? embedded(kernel, pmem, value, text);
  return found ?? stopWithLimit('model', `how ${ATTACH}() gives operations to its page map was not understood: ${value}`, ATTACH);
}

/** Address of the dax_operations that the driver gives to alloc_dax(); 0 where it has none. */
export function daxOps(kernel: KernelModel, pmem: View): bigint {
  const value = /\balloc_dax\s*\(\s*pmem\s*,\s*([^();]+(?:\([^()]*\))?)\s*[,)]/.exec(attachText(kernel))?.[1]?.trim();
  const usual = kernel.program.globalAddress('pmem_dax_ops', PMEM);
  return usual ?? (value === undefined ? undefined : valueOf(kernel, pmem, value)) ?? 0n;
}

function attachText(kernel: KernelModel): string {
  return (kernel.program.definitionText(ATTACH) ?? '').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ' ');
}

/** An object, an element of an array, or what a function returns. */
function valueOf(kernel: KernelModel, pmem: View, value: string): bigint | undefined {
  const object = /^&?\s*(\w+)$/.exec(value)?.[1];
  if (object !== undefined) {
    const address = kernel.program.globalAddress(object, PMEM);
    const isPointer = kernel.program.globalType(object, PMEM)?.kind === 'pointer';
    return address !== undefined && isPointer ? kernel.machine.memory.readU64(address) : address;
  }
  const [, array, index] = /^&\s*(\w+)\s*\[\s*(\w+)\s*\]$/.exec(value) ?? [];
  if (array !== undefined && index !== undefined) {
    const base = kernel.program.globalAddress(array, PMEM);
    const type = kernel.program.typeNamed('struct dev_pagemap_ops', PMEM);
    const size = type === undefined ? undefined : sizeOf(type);
    const place = /^\d/.test(index) ? BigInt(index) : kernel.constant(index, PMEM);
    return base === undefined || place === undefined || size === undefined ? undefined : base + place * BigInt(size);
  }
  const [, name, list] = /^(\w+)\s*\(([\w\s,]*)\)$/.exec(value) ?? [];
  if (name === undefined || kernel.program.functionAddress(name, PMEM) === undefined) return undefined;
  const args = (list ?? '').split(',').filter((arg) => arg.trim() !== '');
  const values = args.map((arg) => {
    if (arg.trim() === 'pmem') return pmem.address;
    return arg.trim() === 'dev'
      ? kernel.create('struct device', 'device of the namespace', PMEM).address
      : kernel.constant(arg.trim(), PMEM);
  });
  return values.every((arg) => arg !== undefined) ? kernel.run(name, values, PMEM) : undefined;
}

/** `&pmem->member`, whose slots are stored by statements of the same function. */
function embedded(kernel: KernelModel, pmem: View, value: string, text: string): bigint | undefined {
  const path = /^&\s*pmem->([\w.]+)$/.exec(value)?.[1];
  if (path === undefined || !pmem.has(path)) return undefined;
  const ops = pmem.member(path);
  for (const [, slot, name] of text.matchAll(new RegExp(`pmem->${path.replaceAll('.', '\\.')}\\.(\\w+)\\s*=\\s*&?\\s*(\\w+)\\s*;`, 'g'))) {
    if (slot === undefined || name === undefined || !ops.has(slot)) continue;
    ops.member(slot).write(name === 'NULL' ? 0n : (kernel.program.functionAddress(name, PMEM) ?? 0n));
  }
  return ops.address;
}
