import { describe, expect, test } from 'vitest';
import type { Memory } from '../../../src/core/machine/memory.ts';
import { formatKernel } from '../../../src/core/kernel/lib/vsprintf.ts';

const strings: Readonly<Record<string, string>> = { '8192': 'mfA', '8200': 'inner %d' };
const memory = {
  readString: (at: bigint) => strings[String(at)] ?? '',
  readU64: (at: bigint) => (at === 9000n ? 8200n : at === 9008n ? 9100n : at === 9108n ? 9200n : at === 9200n ? 77n : 0n),
  readU32: () => 48,
} as unknown as Memory;

function format(text: string, ...args: readonly bigint[]): string {
  let at = 0;
  return formatKernel(
    text,
    { next: () => args[at++] ?? 0n },
    { memory, symbol: (address, offset) => `sym${address}${offset ? '+0x0' : ''}` },
  );
}

describe('kernel format strings', () => {
  test('a frame number prints with prefix', () => {
    expect(format('%#lx: Sending SIGBUS to %s:%d', 0x4001bn, 8192n, 405n)).toBe('0x4001b: Sending SIGBUS to mfA:405');
  });

  test('narrow conversions cut what the register held above them', () => {
    expect([
      format('%d', 0xdeadbeef_ffffffffn),
      format('%u', 0x1_00000005n),
      format('%hhu', 0x1ffn),
      format('%lld', 0xffffffffffffffffn),
    ]).toEqual(['-1', '5', '255', '-1']);
  });

  test('width, zero fill, precision and left alignment', () => {
    expect([format('%08lx', 0x1bn), format('[%-5d]', 3n), format('[%5s]', 8192n), format('%.2s', 8192n), format('%*d', 4n, 7n)]).toEqual([
      '0000001b',
      '[3    ]',
      '[  mfA]',
      'mf',
      '   7',
    ]);
  });

  test('%pS is a symbol with offset, and the bracket behind it is text', () => {
    expect(format('at %pS (%s)', 5n, 8192n)).toBe('at sym5+0x0 (mfA)');
  });

  test('%pV formats a format with its own arguments', () => {
    expect(format('<%pV>', 9000n)).toBe('<inner 77>');
  });

  test('%pe names an error', () => {
    expect(format('%pe', BigInt.asUintN(64, -95n))).toBe('-EOPNOTSUPP');
  });

  test('plain pointers are hashed', () => {
    expect(format('%p', 0xffff888000000000n)).toBe('(____ptrval____)');
  });
});
