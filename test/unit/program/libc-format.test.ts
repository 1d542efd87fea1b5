import { expect, test } from 'vitest';
import { formatPrintf } from '../../../src/core/program/libc/format.ts';

function printed(format: string, ...args: (bigint | string)[]): string {
  const strings = new Map<bigint, string>();
  const values = args.map((arg, i) => {
    if (typeof arg === 'bigint') return arg;
    strings.set(BigInt(4096 + i), arg);
    return BigInt(4096 + i);
  });
  let next = 0;
  const result = formatPrintf(format, {
    next: () => values[next++] ?? 0n,
    string: (address, limit) => (strings.get(address) ?? '').slice(0, limit),
  });
  return result.kind === 'text' ? result.text : `refused ${result.conversion}`;
}

test('integers are cut to the width of their length modifier', () => {
  expect(printed('%d %u %hhd %hu', 0xffffffffffffffffn, 0xffffffffffffffffn, 0x1ffn, 0x12345n)).toBe('-1 4294967295 -1 9029');
  expect(printed('%ld %lu %llx', 0xffffffffffffffffn, 0xffffffffffffffffn, 0xdeadbeefcafen)).toBe('-1 18446744073709551615 deadbeefcafe');
});

test('flags, width and precision follow C11 7.21.6.1', () => {
  expect(printed('[%5d][%-5d][%05d][%+d][% d]', 42n, 42n, -42n & 0xffffffffn, 42n, 42n)).toBe('[   42][42   ][-0042][+42][ 42]');
  expect(printed('[%#x][%#o][%08X][%.4d][%.0d]', 255n, 8n, 0xabcn, 7n, 0n)).toBe('[0xff][010][00000ABC][0007][]');
  expect(printed('[%*d][%-*d][%.*s]', 4n, 7n, 4n, 7n, 2n, 'abc')).toBe('[   7][7   ][ab]');
});

test('strings, characters, pointers and percent', () => {
  expect(printed('%s %c %p %p %%', 'pmem', 0x41n, 0x1000n, 0n)).toBe('pmem A 0x1000 (nil) %');
});

test('doubles are printed with exact digits, halves to even, as glibc does', () => {
  const bits = (value: number): bigint => new BigUint64Array(new Float64Array([value]).buffer)[0] ?? 0n;
  expect(printed('%f %.0f %.0f %.0f', bits(0.1), bits(0.5), bits(1.5), bits(2.5))).toBe('0.100000 0 2 2');
  expect(printed('%.20f|%.3e|%g|%g|%g', bits(0.1), bits(123456), bits(1e-5), bits(100000), bits(1e6))).toBe(
    '0.10000000000000000555|1.235e+05|1e-05|100000|1e+06',
  );
  expect(printed('[%08.2f][%-8.1f][%+g][%#g][%G]', bits(-3.14159), bits(2.25), bits(2), bits(2), bits(1e-10))).toBe(
    '[-0003.14][2.2     ][+2][2.00000][1E-10]',
  );
  expect(printed('%a %a %f %f %e', bits(1.5), bits(5e-324), bits(-Infinity), 0xfff8000000000000n, bits(9.9999999e22))).toBe(
    '0x1.8p+0 0x0.0000000000001p-1022 -inf -nan 1.000000e+23',
  );
});

test('long double is refused by name', () => {
  expect(printed('x=%5.2Lf', 0n)).toBe('refused %5.2L');
});
