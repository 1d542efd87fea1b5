// include/generated/timeconst.h: conversion factors between ticks and time units (kernel/time/timeconst.bc).

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

/** 2^shift * n / d, rounded up. */
function factor(shift: bigint, n: bigint, d: bigint): bigint {
  return ((1n << shift) * n + d - 1n) / d;
}

/** What a rounded-up factor adds too much, scaled by 2^shift. */
function adjustment(shift: bigint, n: bigint, d: bigint): bigint {
  const reduced = d / gcd(n, d);
  return ((1n << shift) * (reduced - 1n)) / reduced;
}

/** The least shift for which the factor fills 32 bits. */
function shiftFor(n: bigint, d: bigint): bigint {
  let shift = 0n;
  while (factor(shift, n, d) < 1n << 31n) shift++;
  return shift;
}

function reciprocal(name: string, n: bigint, d: bigint): string {
  const shift = shiftFor(n, d);
  const hex = (value: bigint): string => `U64_C(0x${value.toString(16).toUpperCase()})`;
  return `#define ${name}_MUL32 ${hex(factor(shift, n, d))}
#define ${name}_ADJ32 ${hex(adjustment(shift, n, d))}
#define ${name}_SHR32 ${shift}
`;
}

function ratio(name: string, n: bigint, d: bigint): string {
  const divisor = gcd(n, d);
  return `#define ${name}_NUM ${n / divisor}\n#define ${name}_DEN ${d / divisor}\n`;
}

/** Text of the header for CONFIG_HZ = `hz` (at least 2). */
export function timeconst(hz: bigint): string {
  let text = '#ifndef KERNEL_TIMECONST_H\n#define KERNEL_TIMECONST_H\n#include <linux/param.h>\n#include <linux/types.h>\n';
  for (const [unit, perSecond] of [
    ['MSEC', 1000n],
    ['USEC', 1_000_000n],
    ['NSEC', 1_000_000_000n],
  ] as const) {
    if (unit !== 'NSEC') text += reciprocal(`HZ_TO_${unit}`, perSecond, hz) + reciprocal(`${unit}_TO_HZ`, hz, perSecond);
    text += ratio(`HZ_TO_${unit}`, perSecond, hz) + ratio(`${unit}_TO_HZ`, hz, perSecond);
  }
  return `${text}#endif\n`;
}
