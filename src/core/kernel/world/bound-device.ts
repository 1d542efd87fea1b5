// Devices that a driver of the tree brings up itself: the scenario names its function, everything else is the driver's own.
import { lastOf, physToPfn } from '../../../base/units.ts';
import { rangesOf } from '../../scenario/devices.ts';
import type { PmemDevice, Scenario } from '../../scenario/schema.ts';
import { stopWithLimit } from '../../machine/outcome.ts';
import { diskOf } from '../block/disk.ts';
import type { KernelModel } from '../model.ts';
import { pageAddress, pageMember } from './pages.ts';
import { worldKey } from './state.ts';

/** Calls the driver's function with the disk and the physical ranges; what it registers is found by the tree's own lookups. */
export function bindDevice(kernel: KernelModel, scenario: Scenario, device: PmemDevice, bind: NonNullable<PmemDevice['bind']>): void {
  if (!kernel.program.loadUnit(bind.file))
    stopWithLimit(
      'unresolved-symbol',
      `${device.name} is bound by ${bind.function}() of ${bind.file}, a file that this tree does not have`,
      bind.file,
    );
  if (kernel.program.functionAddress(bind.function, bind.file) === undefined) {
    stopWithLimit(
      'unresolved-symbol',
      `${device.name} is bound by ${bind.function}(), which ${bind.file} of this tree does not define`,
      bind.function,
    );
  }
  const ranges = rangesOf(device);
  const { size } = kernel.view('struct range', 0n);
  const at = kernel.machine.heap.allocate({ size: size * ranges.length, name: `ranges of ${device.name}`, zeroed: true });
  ranges.forEach((range, i) => {
    const view = kernel.view('struct range', at + BigInt(i * size));
    view.member('start').write(range.start);
    view.member('end').write(lastOf(range));
  });
  const gendisk = diskOf(kernel, scenario, device.name)?.gendisk ?? 0n;
  const dax = kernel.run(bind.function, [gendisk, at, BigInt(ranges.length), device.dataOffset], bind.file);
  kernel.machine.heap.free(at);
  const error = BigInt.asIntN(64, dax);
  if (error <= 0n && error >= -4095n) stopWithLimit('model', `${bind.function}() gave ${error} for ${device.name}`, bind.function);
  const holder = kernel.machine.view(
    kernel.program.typeNamed('struct dax_device', 'drivers/dax/super.c') ??
      stopWithLimit('missing-type', 'no struct dax_device', 'struct dax_device'),
    dax,
  );
  kernel.part(worldKey).devices.set(device.name, {
    name: device.name,
    driver: holder.member('private').read(),
    bound: true,
    bind: bind.function,
    pgmap: pageMember(kernel, pageAddress(kernel, physToPfn(device.start)), 'pgmap').read(),
    daxDevice: dax,
    gendisk,
  });
}
