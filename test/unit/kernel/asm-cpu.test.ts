import { describe, expect, test } from 'vitest';
import type { AsmCall, AsmOperand, AsmSite } from '../../../src/core/machine/asm.ts';
import { Cpu } from '../../../src/core/kernel/arch/x86/asm/cpu.ts';
import { slotsOf } from '../../../src/core/kernel/arch/x86/asm/slots.ts';
import { parseTemplate } from '../../../src/core/kernel/arch/x86/asm/template.ts';

interface Operand {
  readonly constraint: string;
  readonly name?: string;
  readonly size: number;
  readonly value?: bigint;
  readonly address?: bigint;
}

/** Runs one statement over a small memory; gives the operands' values afterwards, the memory, and the label jumped to. */
function run(template: string, operands: readonly Operand[], memory = new Map<bigint, number>(), labels: readonly string[] = []) {
  const site: AsmSite = {
    template,
    key: template,
    clobbers: [],
    labels,
    volatile: true,
    function: 'f',
    operands: operands.map((o): AsmOperand => ({
      constraint: o.constraint,
      name: o.name ?? '',
      size: o.size,
      signed: false,
      memory: o.address !== undefined,
      kind: o.constraint.startsWith('=') ? 'output' : o.constraint.startsWith('+') ? 'input-output' : 'input',
    })),
  };
  const read = (at: bigint, size: number): bigint => {
    let value = 0n;
    for (let i = 0; i < size; i++) value |= BigInt(memory.get(at + BigInt(i)) ?? 0) << BigInt(8 * i);
    return value;
  };
  const write = (at: bigint, size: number, value: bigint): void => {
    for (let i = 0; i < size; i++) memory.set(at + BigInt(i), Number((value >> BigInt(8 * i)) & 0xffn));
  };
  const out: (bigint | undefined)[] = operands.map(() => undefined);
  let label: number | undefined;
  const call = {
    site,
    machine: { memory: { readUnsigned: read, writeUnsigned: write } },
    read: (i: number) => operands[i]?.value ?? read(operands[i]?.address ?? 0n, operands[i]?.size ?? 8),
    write: (i: number, value: bigint) => {
      out[i] = value;
    },
    address: (i: number) => operands[i]?.address ?? 0n,
    jump: (i: number) => {
      label = i;
    },
  } as unknown as AsmCall;
  const parsed = parseTemplate(template);
  if (parsed.kind === 'refused') throw new Error(parsed.what);
  new Cpu(call, slotsOf(site)).run(parsed.list);
  return { out, read, label };
}

const LOCK = '.pushsection .smp_locks,"a"\n.balign 4\n.long 671f - .\n.popsection\n671:\n\tlock; ';

describe('inline assembly', () => {
  test('an atomic increment writes its memory operand', () => {
    const { read } = run(`${LOCK}incl %0`, [{ constraint: '+m', size: 4, address: 100n }], new Map([[100n, 0xff]]));
    expect(read(100n, 4)).toBe(0x100n);
  });

  test('xadd gives the old value and stores the sum', () => {
    const { out, read } = run(
      `${LOCK}xaddl %k0, %1\n`,
      [
        { constraint: '+r', size: 4, value: 5n },
        { constraint: '+m', size: 4, address: 8n },
      ],
      new Map([[8n, 7]]),
    );
    expect([out[0], read(8n, 4)]).toEqual([7n, 12n]);
  });

  test('a compare-and-exchange that succeeds sets the flag output', () => {
    const operands = (old: bigint): Operand[] => [
      { constraint: '=@ccz', name: 'success', size: 1 },
      { constraint: '+m', name: 'ptr', size: 8, address: 16n },
      { constraint: '+a', name: 'old', size: 8, value: old },
      { constraint: 'r', name: 'new', size: 8, value: 9n },
    ];
    const hit = run(`${LOCK}cmpxchgq %[new], %[ptr]\n`, operands(3n), new Map([[16n, 3]]));
    expect([hit.out[0], hit.read(16n, 8)]).toEqual([1n, 9n]);
    const miss = run(`${LOCK}cmpxchgq %[new], %[ptr]\n`, operands(4n), new Map([[16n, 3]]));
    expect([miss.out[0], miss.out[2], miss.read(16n, 8)]).toEqual([0n, 3n, 3n]);
  });

  test('a matching constraint shares the register of its output', () => {
    const { out } = run(
      'lock; cmpxchgl %2,%1',
      [
        { constraint: '=a', size: 4 },
        { constraint: '+m', size: 4, address: 0n },
        { constraint: 'r', size: 4, value: 8n },
        { constraint: '0', size: 4, value: 1n },
      ],
      new Map([[0n, 1]]),
    );
    expect(out[0]).toBe(1n);
  });

  test('bts with a register offset reaches beyond the first word', () => {
    const { out, read } = run(`${LOCK}btsq  %2,%0`, [
      { constraint: '+m', size: 8, address: 0n },
      { constraint: '=@ccc', size: 1 },
      { constraint: 'Ir', size: 8, value: 70n },
    ]);
    expect([out[1], read(8n, 8)]).toEqual([0n, 0x40n]);
  });

  test('rep; bsf counts the trailing zeros of 0 as tzcnt does, bsf leaves its destination alone', () => {
    const find = (template: string): bigint | undefined =>
      run(template, [
        { constraint: '=r', size: 8, value: 5n },
        { constraint: 'rm', size: 8, value: 0n },
      ]).out[0];
    expect(find('rep; bsf %1,%0')).toBe(64n);
    expect(find('bsf %1,%0')).not.toBe(64n);
  });

  test('orb with a byte modifier sets one byte', () => {
    const { read } = run(`${LOCK}orb %b1,%0`, [
      { constraint: '+m', size: 1, address: 3n },
      { constraint: 'iq', size: 4, value: 0x80n },
    ]);
    expect(read(3n, 1)).toBe(0x80n);
  });

  test('a per-CPU read through %gs is a read of the variable', () => {
    const { out } = run(
      'movq %%gs:%P[var], %[val]',
      [
        { constraint: '=r', name: 'val', size: 8 },
        { constraint: 'p', name: 'var', size: 8, value: 40n },
      ],
      new Map([[40n, 0x2a]]),
    );
    expect(out[0]).toBe(0x2an);
  });

  test('a jump of an asm goto is taken when the carry is set', () => {
    const jump = (bit: number) =>
      run(
        `${LOCK}btsl %1,%0; jc %l[cc]\n`,
        [
          { constraint: '+m', size: 4, address: 0n },
          { constraint: 'r', size: 4, value: 2n },
        ],
        new Map([[0n, bit]]),
        ['cc'],
      ).label;
    expect([jump(4), jump(0)]).toEqual([0, undefined]);
  });

  test('the old instruction of an alternative is what runs', () => {
    const alternative =
      '# ALT: oldnstr\n661:\n\tlock; addl $0,-4(%%rsp)\n662:\n# ALT: padding\n.skip -(((665f-664f)-(662b-661b)) > 0) * ((665f-664f)-(662b-661b)),0x90\n663:\n.pushsection .altinstructions,"a"\n .long 661b - .\n.popsection\n.pushsection .altinstr_replacement, "ax"\n664:\n\tmfence\n 665:\n.popsection\n';
    const parsed = parseTemplate(alternative);
    expect(parsed.kind === 'instructions' && parsed.list.map((i) => i.mnemonic)).toEqual(['addl']);
  });
});
