// Functions of the path's units that take numbers only: called with random numbers they try the arithmetic that scenarios seldom reach.

import type { CType } from '../../../src/core/ctype/types.ts';
import type { UnitCache } from '../../../src/core/session/unit-cache.ts';
import type { Seeded } from '../seeded.ts';
import type { MachineSide } from './machine-side.ts';

/** A function and the widths of its parameters in bits, negative when signed. */
export interface Helper {
  readonly name: string;
  readonly unit: string;
  readonly widths: readonly number[];
}

/** Functions that wait, stop the machine or talk to hardware say nothing about C; those that search for a bit may not be given 0. */
const USELESS =
  /__ffs|ffz|__fls|ctz|clz|delay|sleep|schedule|panic|halt|reboot|_irq|msr|cpuid|native_|paravirt|^(in|out)[bwl]|port|shutdown|wait|trace_|boot|init/i;
const UNITS = [
  'mm/memory-failure.c',
  'mm/memremap.c',
  'mm/memory.c',
  'drivers/dax/super.c',
  'drivers/nvdimm/pmem.c',
  'fs/dax.c',
  'fs/xfs/xfs_notify_failure.c',
  'fs/xfs/libxfs/xfs_rmap.c',
  'fs/xfs/libxfs/xfs_btree.c',
  'fs/xfs/libxfs/xfs_ag.c',
  'kernel/signal.c',
  'lib/xarray.c',
  'lib/find_bit.c',
  'lib/vsprintf.c',
  'lib/math/div64.c',
  'lib/math/gcd.c',
  'lib/math/int_sqrt.c',
  'lib/math/int_pow.c',
  'lib/math/reciprocal_div.c',
  'lib/math/lcm.c',
  'lib/clz_ctz.c',
  'lib/hweight.c',
  'lib/hexdump.c',
  'lib/bitrev.c',
  'kernel/time/time.c',
];

function widthOf(type: CType): number | undefined {
  if (type.kind !== 'int' || type.size > 8) return undefined;
  return type.name === '_Bool' ? 1 : type.size * (type.signed ? -8 : 8);
}

/** Every such function, in the order of units and definitions. */
export function helpersOf(machine: MachineSide, units: UnitCache, count: number, random: Seeded): readonly Helper[] {
  const found: Helper[] = [];
  const seen = new Set<string>();
  for (const path of UNITS) {
    if (!machine.program.loadUnit(path)) continue;
    const unit = units.load(path)?.unit;
    if (unit === undefined) continue;
    for (const { name } of unit.functionDefinitions()) {
      if (seen.has(name) || USELESS.test(name)) continue;
      seen.add(name);
      const parsed = unit.function(name);
      if (parsed.kind !== 'parsed' || parsed.value.type.variadic) continue;
      const { params, returns } = parsed.value.type;
      const widths = params.map(widthOf);
      if (params.length === 0 || params.length > 6 || widthOf(returns) === undefined || widths.includes(undefined)) continue;
      if (machine.isIntrinsic(name)) continue;
      found.push({ name, unit: path, widths: widths.map((w) => w ?? 0) });
    }
  }
  // A part of them, drawn without replacement.
  for (let i = 0; i < Math.min(count, found.length); i++) {
    const j = i + random.below(found.length - i);
    const [a, b] = [found[i], found[j]];
    if (a !== undefined && b !== undefined) [found[i], found[j]] = [b, a];
  }
  return found.slice(0, count);
}

/** Numbers that lie where arithmetic turns over, and others. */
export function randomArguments(random: Seeded, widths: readonly number[]): readonly bigint[] {
  return widths.map((width) => {
    const bits = BigInt(Math.abs(width));
    const edge = 1n << BigInt(random.below(Number(bits)));
    const value = random.pick([
      0n,
      1n,
      -1n,
      edge,
      edge - 1n,
      -edge,
      edge + 1n,
      BigInt(random.below(64)),
      BigInt(random.below(4096)),
      (BigInt(random.below(0x7fffffff)) << 33n) ^ (BigInt(random.below(0x7fffffff)) << 11n) ^ BigInt(random.below(0x7fffffff)),
    ]);
    return width < 0 ? BigInt.asUintN(64, BigInt.asIntN(Number(bits), value)) : BigInt.asUintN(Number(bits), value);
  });
}
