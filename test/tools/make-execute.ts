// Writes src/core/machine/execute.ts, the interpreter's loop. V8 makes a jump table only of literal case labels and inlines
// little into a function this large, so the loop is generated from the few patterns below. Run after a change of ir.ts.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { instructions } from '../../src/core/machine/ir.ts';

const bodies = new Map<string, string>();
const length = (name: string): number => {
  const found = instructions.find(([n]) => n === name);
  if (found === undefined) throw new Error(`no instruction ${name}`);
  return 1 + found[1].replace('*', '').length;
};
/** Register at operand n, low and high word. */
const r = (n: number, extra = ''): string => `R[fp + code[pc + ${n}]!${extra}]!`;
const w = (n: number, extra = ''): string => `R[fp + code[pc + ${n}]!${extra}]`;
const k = (n: number): string => `code[pc + ${n}]!`;
const next = (name: string): string => `pc += ${length(name)}; continue;`;
const add = (name: string, body: string): void => {
  bodies.set(name, body);
};
const simple = (name: string, body: string): void => {
  add(name, `${body} ${next(name)}`);
};

// Moves and constants.
simple('MOV32', `${w(1)} = ${r(2)};`);
simple('MOV64', `a = code[pc + 1]! + fp; b = code[pc + 2]! + fp; R[a] = R[b]!; R[a + 1] = R[b + 1]!;`);
simple('CONST32', `${w(1)} = ${k(2)};`);
simple('CONST64', `a = code[pc + 1]! + fp; R[a] = ${k(2)}; R[a + 1] = ${k(3)};`);

// 32 bits.
const alu32: Record<string, string> = { ADD: '+', SUB: '-', AND: '&', OR: '|', XOR: '^' };
for (const [n, o] of Object.entries(alu32)) simple(`${n}32`, `${w(1)} = (${r(2)} ${o} ${r(3)}) | 0;`);
simple('MUL32', `${w(1)} = Math.imul(${r(2)}, ${r(3)});`);
for (const [n, o] of [
  ['SHL', '<<'],
  ['SHR', '>>>'],
  ['SAR', '>>'],
] as const) {
  simple(`${n}32`, `b = ${r(3)}; if (b >>> 0 > 31) { m.pc = pc; m.badShift(b, 32); } ${w(1)} = ${r(2)} ${o} b;`);
  simple(`${n}I32`, `${w(1)} = ${r(2)} ${o} ${k(3)};`);
}
const division = (name: string, value: string): void => {
  simple(name, `b = ${r(3)}; if (b === 0) m.divideError(); ${w(1)} = ${value};`);
};
// The quotient of the least integer and -1 does not fit: idiv traps, also for the remainder.
const signedDivision = (name: string, value: string): void => {
  simple(name, `b = ${r(3)}; if (b === 0 || (b === -1 && ${r(2)} === -2147483648)) m.divideError(); ${w(1)} = ${value};`);
};
signedDivision('DIVS32', `(${r(2)} / b) | 0`);
division('DIVU32', `((${r(2)} >>> 0) / (b >>> 0)) | 0`);
signedDivision('REMS32', `b === -1 ? 0 : (${r(2)} % b) | 0`);
division('REMU32', `((${r(2)} >>> 0) % (b >>> 0)) | 0`);
simple('NEG32', `${w(1)} = -${r(2)} | 0;`);
simple('NOT32', `${w(1)} = ~${r(2)};`);
simple('ADDI32', `${w(1)} = (${r(2)} + ${k(3)}) | 0;`);
simple('MULI32', `${w(1)} = Math.imul(${r(2)}, ${k(3)});`);
for (const [n, o] of [
  ['AND', '&'],
  ['OR', '|'],
  ['XOR', '^'],
] as const)
  simple(`${n}I32`, `${w(1)} = ${r(2)} ${o} ${k(3)};`);

// 64 bits. Low sums as signed words; the carry comes out of the sign bits.
const operands64 = `a = fp + code[pc + 2]!; b = fp + code[pc + 3]!; d = fp + code[pc + 1]!;`;
simple(
  'ADD64',
  `${operands64} x = R[a]!; y = R[b]!; z = (x + y) | 0;
      R[d + 1] = (R[a + 1]! + R[b + 1]! + (((x & y) | ((x | y) & ~z)) >>> 31)) | 0; R[d] = z;`,
);
simple(
  'SUB64',
  `${operands64} x = R[a]!; y = R[b]!;
      R[d + 1] = (R[a + 1]! - R[b + 1]! - (x >>> 0 < y >>> 0 ? 1 : 0)) | 0; R[d] = (x - y) | 0;`,
);
for (const [n, o] of [
  ['AND', '&'],
  ['OR', '|'],
  ['XOR', '^'],
] as const) {
  simple(`${n}64`, `${operands64} x = R[a + 1]! ${o} R[b + 1]!; R[d] = R[a]! ${o} R[b]!; R[d + 1] = x;`);
  simple(
    `${n}I64`,
    `a = fp + code[pc + 2]!; d = fp + code[pc + 1]!; b = ${k(3)}; x = R[a + 1]! ${o} (b >> 31); R[d] = R[a]! ${o} b; R[d + 1] = x;`,
  );
}
simple(
  'ADDI64',
  `a = fp + code[pc + 2]!; d = fp + code[pc + 1]!; x = R[a]!; y = ${k(3)}; z = (x + y) | 0;
      R[d + 1] = (R[a + 1]! + (y >> 31) + (((x & y) | ((x | y) & ~z)) >>> 31)) | 0; R[d] = z;`,
);
simple('MUL64', `${operands64} multiply(R, d, R[a]!, R[a + 1]!, R[b]!, R[b + 1]!);`);
for (const n of ['DIVS', 'DIVU', 'REMS', 'REMU']) {
  simple(
    `${n}64`,
    `${operands64} if ((R[b]! | R[b + 1]!) === 0${n.endsWith('S') ? ' || ((R[b]! & R[b + 1]!) === -1 && R[a]! === 0 && R[a + 1]! === -2147483648)' : ''}) m.divideError();
      divide(R, d, R[a]!, R[a + 1]!, R[b]!, R[b + 1]!, ${n.endsWith('S') ? 'true' : 'false'}, ${n.startsWith('REM') ? 'true' : 'false'});`,
  );
}
simple(
  'NEG64',
  `a = fp + code[pc + 2]!; d = fp + code[pc + 1]!; x = R[a]!; R[d + 1] = (~R[a + 1]! + (x === 0 ? 1 : 0)) | 0; R[d] = -x | 0;`,
);
simple('NOT64', `a = fp + code[pc + 2]!; d = fp + code[pc + 1]!; x = ~R[a + 1]!; R[d] = ~R[a]!; R[d + 1] = x;`);
const shift64 = (kind: string, count: string): string => {
  const head = `a = fp + code[pc + 2]!; d = fp + code[pc + 1]!; b = ${count}; x = R[a]!; y = R[a + 1]!;`;
  switch (kind) {
    case 'SHL':
      return `${head} if (b === 0) { R[d] = x; R[d + 1] = y; } else if (b < 32) { R[d + 1] = (y << b) | (x >>> (32 - b)); R[d] = x << b; } else { R[d + 1] = x << (b - 32); R[d] = 0; }`;
    case 'SHR':
      return `${head} if (b === 0) { R[d] = x; R[d + 1] = y; } else if (b < 32) { R[d] = (x >>> b) | (y << (32 - b)); R[d + 1] = y >>> b; } else { R[d] = y >>> (b - 32); R[d + 1] = 0; }`;
    default:
      return `${head} if (b === 0) { R[d] = x; R[d + 1] = y; } else if (b < 32) { R[d] = (x >>> b) | (y << (32 - b)); R[d + 1] = y >> b; } else { R[d] = y >> (b - 32); R[d + 1] = y >> 31; }`;
  }
};
for (const n of ['SHL', 'SHR', 'SAR']) {
  simple(`${n}64`, `if (${r(3)} >>> 0 > 63) { m.pc = pc; m.badShift(${r(3)}, 64); } ${shift64(n, `${r(3)} & 63`)}`);
  simple(`${n}I64`, shift64(n, k(3)));
}

// Conversions.
simple('SX8', `${w(1)} = (${r(2)} << 24) >> 24;`);
simple('SX16', `${w(1)} = (${r(2)} << 16) >> 16;`);
simple('ZX8', `${w(1)} = ${r(2)} & 0xff;`);
simple('ZX16', `${w(1)} = ${r(2)} & 0xffff;`);
simple('SX64', `d = fp + code[pc + 1]!; x = ${r(2)}; R[d] = x; R[d + 1] = x >> 31;`);
simple('ZX64', `d = fp + code[pc + 1]!; R[d] = ${r(2)}; R[d + 1] = 0;`);

// Comparisons: conditions as text, shared by values and jumps. `p`, `q` are the numbers of the operand words.
const condition32 = (kind: string, p: number, q: number): string => {
  switch (kind) {
    case 'EQ':
      return `${r(p)} === ${r(q)}`;
    case 'NE':
      return `${r(p)} !== ${r(q)}`;
    case 'LTS':
      return `${r(p)} < ${r(q)}`;
    case 'LTU':
      return `${r(p)} >>> 0 < ${r(q)} >>> 0`;
    case 'LES':
      return `${r(p)} <= ${r(q)}`;
    default:
      return `${r(p)} >>> 0 <= ${r(q)} >>> 0`;
  }
};
/** Over a, b (register indexes) with x, y as the high words. */
const condition64 = (kind: string): string => {
  switch (kind) {
    case 'EQ':
      return `R[a]! === R[b]! && x === y`;
    case 'NE':
      return `R[a]! !== R[b]! || x !== y`;
    case 'LTS':
      return `x < y || (x === y && R[a]! >>> 0 < R[b]! >>> 0)`;
    case 'LTU':
      return `x >>> 0 < y >>> 0 || (x === y && R[a]! >>> 0 < R[b]! >>> 0)`;
    case 'LES':
      return `x < y || (x === y && R[a]! >>> 0 <= R[b]! >>> 0)`;
    default:
      return `x >>> 0 < y >>> 0 || (x === y && R[a]! >>> 0 <= R[b]! >>> 0)`;
  }
};
for (const kind of ['EQ', 'NE', 'LTS', 'LTU', 'LES', 'LEU']) {
  simple(`${kind}32`, `${w(1)} = ${condition32(kind, 2, 3)} ? 1 : 0;`);
  simple(
    `${kind}64`,
    `a = fp + code[pc + 2]!; b = fp + code[pc + 3]!; x = R[a + 1]!; y = R[b + 1]!; ${w(1)} = ${condition64(kind)} ? 1 : 0;`,
  );
  add(`J${kind}32`, `if (${condition32(kind, 1, 2)}) pc = ${k(3)}; else pc += 4; continue;`);
  add(
    `J${kind}64`,
    `a = fp + code[pc + 1]!; b = fp + code[pc + 2]!; x = R[a + 1]!; y = R[b + 1]!; if (${condition64(kind)}) pc = ${k(3)}; else pc += 4; continue;`,
  );
}
simple('EQZ32', `${w(1)} = ${r(2)} === 0 ? 1 : 0;`);
simple('NEZ32', `${w(1)} = ${r(2)} === 0 ? 0 : 1;`);
simple('EQZ64', `a = fp + code[pc + 2]!; ${w(1)} = (R[a]! | R[a + 1]!) === 0 ? 1 : 0;`);
simple('NEZ64', `a = fp + code[pc + 2]!; ${w(1)} = (R[a]! | R[a + 1]!) === 0 ? 0 : 1;`);
add('JMP', `pc = ${k(1)}; continue;`);
add('JZ32', `if (${r(1)} === 0) pc = ${k(2)}; else pc += 3; continue;`);
add('JNZ32', `if (${r(1)} !== 0) pc = ${k(2)}; else pc += 3; continue;`);
add('JZ64', `a = fp + code[pc + 1]!; if ((R[a]! | R[a + 1]!) === 0) pc = ${k(2)}; else pc += 3; continue;`);
add('JNZ64', `a = fp + code[pc + 1]!; if ((R[a]! | R[a + 1]!) !== 0) pc = ${k(2)}; else pc += 3; continue;`);
for (const [n, o] of [
  ['JEQI32', '==='],
  ['JNEI32', '!=='],
  ['JLTSI32', '<'],
  ['JGESI32', '>='],
  ['JLESI32', '<='],
  ['JGTSI32', '>'],
] as const) {
  add(n, `if (${r(1)} ${o} ${k(2)}) pc = ${k(3)}; else pc += 4; continue;`);
}
add('SWITCH_DENSE', `x = (${r(1)} - ${k(2)}) >>> 0; pc = x < ${k(3)} ? code[pc + 5 + x]! : ${k(4)}; continue;`);
add('SWITCH', `pc = m.switchTarget(pc, R[fp + code[pc + 1]!]!, R[fp + code[pc + 1]! + 1]!); continue;`);

// Memory. `lo`, `hi` is the address; `p` the index into the arena.
const relative = (base: number, offset: number): string =>
  `a = fp + code[pc + ${base}]!; x = R[a]!; lo = (x + code[pc + ${offset}]!) | 0; hi = R[a + 1]!; if (lo >>> 0 < x >>> 0) hi = (hi + 1) | 0;`;
const absolute = (first: number): string => `lo = ${k(first)}; hi = ${k(first + 1)};`;
const slot = `s = (((lo >>> 12) + (hi >>> 4)) & 255) << 2;`;
const loads: Record<string, { guard: string; fast: string; size: number; fix: string }> = {
  '8S': {
    guard: '',
    fast: `p = tlb[s + 2]! + (lo & 4095); if (s8[p] === 0) { R[d] = (d8[p]! << 24) >> 24;`,
    size: 1,
    fix: '(x << 24) >> 24',
  },
  '8U': { guard: '', fast: `p = tlb[s + 2]! + (lo & 4095); if (s8[p] === 0) { R[d] = d8[p]!;`, size: 1, fix: 'x' },
  '16S': {
    guard: ' && (lo & 1) === 0',
    fast: `p = tlb[s + 2]! + (lo & 4095); if ((s8[p]! | s8[p + 1]!) === 0) { R[d] = ((d8[p]! | (d8[p + 1]! << 8)) << 16) >> 16;`,
    size: 2,
    fix: '(x << 16) >> 16',
  },
  '16U': {
    guard: ' && (lo & 1) === 0',
    fast: `p = tlb[s + 2]! + (lo & 4095); if ((s8[p]! | s8[p + 1]!) === 0) { R[d] = d8[p]! | (d8[p + 1]! << 8);`,
    size: 2,
    fix: 'x',
  },
  '32': {
    guard: ' && (lo & 3) === 0',
    fast: `p = (tlb[s + 2]! + (lo & 4095)) >> 2; if (s32[p] === 0) { R[d] = d32[p]!;`,
    size: 4,
    fix: 'x',
  },
  '64': {
    guard: ' && (lo & 7) === 0',
    fast: `p = (tlb[s + 2]! + (lo & 4095)) >> 2; if ((s32[p]! | s32[p + 1]!) === 0) { R[d] = d32[p]!; R[d + 1] = d32[p + 1]!;`,
    size: 8,
    fix: 'x',
  },
};
for (const [kind, l] of Object.entries(loads)) {
  for (const form of ['LD', 'LDA']) {
    const name = `${form}${kind}`;
    const address = form === 'LD' ? relative(2, 3) : absolute(2);
    add(
      name,
      `${address} d = fp + code[pc + 1]!; ${slot}
      if (tlb[s] === (lo & -4096) && tlb[s + 1] === hi${l.guard}) { ${l.fast} pc += 4; continue; } }
      m.pc = pc; x = memory.load(lo, hi, ${l.size}); R[d] = ${l.fix};${l.size === 8 ? ' R[d + 1] = memory.high;' : ''}
      d8 = pages.data8; d32 = pages.data32; s8 = pages.shadow8; s32 = pages.shadow32; pc += 4; continue;`,
    );
  }
}
const stores: Record<string, { guard: string; fast: string; size: number }> = {
  '8': { guard: '', fast: `p = tlb[s + 3]! + (lo & 4095); if (s8[p] === 0) { d8[p] = R[b]!;`, size: 1 },
  '16': {
    guard: ' && (lo & 1) === 0',
    fast: `p = tlb[s + 3]! + (lo & 4095); if ((s8[p]! | s8[p + 1]!) === 0) { x = R[b]!; d8[p] = x; d8[p + 1] = x >> 8;`,
    size: 2,
  },
  '32': { guard: ' && (lo & 3) === 0', fast: `p = (tlb[s + 3]! + (lo & 4095)) >> 2; if (s32[p] === 0) { d32[p] = R[b]!;`, size: 4 },
  '64': {
    guard: ' && (lo & 7) === 0',
    fast: `p = (tlb[s + 3]! + (lo & 4095)) >> 2; if ((s32[p]! | s32[p + 1]!) === 0) { d32[p] = R[b]!; d32[p + 1] = R[b + 1]!;`,
    size: 8,
  },
};
for (const [kind, st] of Object.entries(stores)) {
  for (const form of ['ST', 'STA']) {
    const name = `${form}${kind}`;
    const address = form === 'ST' ? relative(1, 2) : absolute(1);
    add(
      name,
      `${address} b = fp + code[pc + 3]!; ${slot}
      if (tlb[s] === (lo & -4096) && tlb[s + 1] === hi && tlb[s + 3]! >= 0${st.guard}) { ${st.fast} pc += 4; continue; } }
      m.pc = pc; memory.store(lo, hi, ${st.size}, R[b]!, R[b + 1]!);
      d8 = pages.data8; d32 = pages.data32; s8 = pages.shadow8; s32 = pages.shadow32; pc += 4; continue;`,
    );
  }
}
const lea = (index: string): string => `a = fp + code[pc + 2]!; b = fp + code[pc + 3]!; d = fp + code[pc + 1]!; ${index}`;
/** Adds (y, z) to the pair at a. */
const addPair = `x = R[a]!; lo = (x + y) | 0; R[d + 1] = (R[a + 1]! + z + (((x & y) | ((x | y) & ~lo)) >>> 31)) | 0; R[d] = lo;`;
// A product below 2^53 is exact as a double, which covers every index that stays inside an object.
simple('LEAS', lea(`x = R[b]! * ${k(4)}; y = x | 0; z = Math.floor(x / 4294967296) | 0; ${addPair}`));
simple('LEAU', lea(`x = (R[b]! >>> 0) * ${k(4)}; y = x | 0; z = Math.floor(x / 4294967296) | 0; ${addPair}`));
simple(
  'LEA64',
  lea(`x = ${k(4)}; if (R[b + 1]! === R[b]! >> 31) { x = R[b]! * x; y = x | 0; z = Math.floor(x / 4294967296) | 0; }
      else { multiply(scratch, 0, R[b]!, R[b + 1]!, x, x >> 31); y = scratch[0]!; z = scratch[1]!; } ${addPair}`),
);

// Everything rarer is a method of the machine. `reload` fetches what such a method may have replaced.
const reload = `d8 = pages.data8; d32 = pages.data32; s8 = pages.shadow8; s32 = pages.shadow32;`;
const method = (name: string, callText: string): void => {
  simple(name, `m.pc = pc; ${callText} ${reload}`);
};
method('BFLD', `m.bitLoad(fp + ${k(1)}, fp + ${k(2)}, ${k(3)}, ${k(4)}, ${k(5)}, ${k(6)} !== 0);`);
method('BFST', `m.bitStore(fp + ${k(1)}, ${k(2)}, ${k(3)}, ${k(4)}, fp + ${k(6)});`);
method('COPY', `m.copyRecord(fp + ${k(1)}, ${k(2)}, fp + ${k(3)}, ${k(4)}, ${k(5)});`);
method('ZERO', `m.zero(fp + ${k(1)}, ${k(2)}, ${k(3)});`);
method('LDN', `m.loadSmall(fp + ${k(1)}, fp + ${k(2)}, ${k(3)}, ${k(4)});`);
method('STN', `m.storeSmall(fp + ${k(1)}, ${k(2)}, ${k(3)}, fp + ${k(4)});`);
method('ALLOCA', `m.alloca(fp + ${k(1)}, fp + ${k(2)});`);
method('SAVE_SP', `m.saveStackPointer(fp + ${k(1)});`);
method('RESTORE_SP', `m.restoreStackPointer(fp + ${k(1)});`);
method('BUILTIN', `m.unaryBuiltin(${k(1)}, fp + ${k(2)}, fp + ${k(3)});`);
method('OVERFLOW', `m.overflow(pc, fp);`);
method('SCOPE_IN', `a = fp + ${k(1)}; m.beginLocal(R[a]! + ${k(2)}, ${k(3)});`);
method('SCOPE_OUT', `a = fp + ${k(1)}; m.endLocal(R[a]! + ${k(2)}, ${k(3)});`);
method('FORGET', `a = fp + ${k(1)}; m.forgetLocal(R[a]! + ${k(2)}, ${k(3)});`);
method('VA_START', `m.variadicStart(fp + ${k(1)}, fp);`);
method('TRAP', `m.trap(${k(1)}, ${k(2)});`);
method('CHECK_SET', `if (R[fp + ${k(1)}] === 0) m.unsetVariable(${k(2)});`);
simple(
  'CHECK_INDEX',
  `a = fp + ${k(1)}; if (R[a + 1] !== 0 || R[a]! >>> 0 >= ${k(2)}) { m.pc = pc; m.checkIndex(R[a]!, R[a + 1]!, ${k(2)}); }`,
);
simple('CHECK_INDEX32', `a = R[fp + ${k(1)}]!; if (a >>> 0 >= ${k(2)}) { m.pc = pc; m.checkIndex(a, a >> 31, ${k(2)}); }`);
method('CHECK_FIELD', `m.checkField(fp + ${k(1)}, ${k(2)}, ${k(3)});`);
method('WIDE', `m.wide(${k(1)}, fp + ${k(2)}, fp + ${k(3)}, fp + ${k(4)});`);
method('FLOAT', `m.float(${k(1)}, fp + ${k(2)}, fp + ${k(3)}, fp + ${k(4)});`);

// Calls. info: eight words per function, see code-store.ts.
const enterSlow = (id: string): string => `m.pc = pc; m.fp = fp; m.fuel = fuel; m.enter(${id}, fp + ${k(2)}, ${k(3)}, ${k(4)}, pc + 5);
      ${reload} R = m.registers; code = m.code; info = m.info; frames = m.frames; observed = m.observed; pc = m.pc; fp = m.fp; fuel = m.fuel;
      if (m.stopped) return; continue;`;
add(
  'CALL',
  `a = ${k(1)}; x = info[a << 3]! | 0;
      if (x <= 0 || observed || info[(a << 3) + 3] !== 0 || m.depth >= m.maxDepth) { ${enterSlow('a')} }
      b = fp + ${k(2)}; if (b + info[(a << 3) + 1]! >= R.length) { ${enterSlow('a')} }
      d = m.depth++ << 3; frames[d] = a; frames[d + 1] = pc + 5; frames[d + 2] = fp; frames[d + 3] = ${k(4)}; frames[d + 4] = m.sp; frames[d + 5] = 0;
      fp = b; if (info[(a << 3) + 2]! > 0) { m.pc = pc; m.fp = fp; m.openFrame(a); ${reload} }
      pc = x; continue;`,
);
add('CALLI', `a = fp + ${k(1)}; x = m.functionAt(R[a]!, R[a + 1]!); ${enterSlow('x')}`);
const leave = (value: string): string => `d = (m.depth - 1) << 3;
      if (frames[d + 5] !== 0) { m.pc = pc; m.fp = fp; m.fuel = fuel; m.leave(${value}); ${reload} R = m.registers; code = m.code; info = m.info; frames = m.frames; observed = m.observed; pc = m.pc; fp = m.fp; fuel = m.fuel; if (m.stopped) return; continue; }
      m.depth--; x = frames[d + 4]!; if (m.sp !== x) { m.closeFrame(x); ${reload} }
      a = fp; fp = frames[d + 2]!; b = frames[d + 3]!;`;
add('RET32', `${leave(`fp + ${k(1)}`)} if (b >= 0) R[fp + b] = R[a + ${k(1)}]!; pc = frames[d + 1]!; continue;`);
add(
  'RET64',
  `${leave(`fp + ${k(1)}`)} if (b >= 0) { a += ${k(1)}; R[fp + b] = R[a]!; R[fp + b + 1] = R[a + 1]!; } pc = frames[d + 1]!; continue;`,
);
add('RETV', `${leave('-1')} pc = frames[d + 1]!; continue;`);
add(
  'RET_MISSING',
  `m.pc = pc; m.missingReturn(); ${leave('-2')} if (b >= 0) { R[fp + b] = 0; R[fp + b + 1] = 0; } pc = frames[d + 1]!; continue;`,
);
add(
  'ASM',
  `m.pc = pc; m.fp = fp; m.fuel = fuel; m.assembly(${k(1)}, fp + ${k(2)}); ${reload} R = m.registers; frames = m.frames; fuel = m.fuel; if (m.stopped) return; pc += 3; continue;`,
);
add('HALT', `m.pc = pc; m.fp = fp; m.fuel = fuel; return;`);
add('BAD', `throw new Bug('executed a word that is no instruction');`);

const cases = instructions
  .map(([name], n) => {
    const body = bodies.get(name);
    if (body === undefined) throw new Error(`no body for ${name}`);
    return `      case ${n}: { // ${name}\n      ${body}\n      }`;
  })
  .join('\n');

export const text = `// The interpreter's loop. Generated by test/tools/make-execute.ts; change that and run it.
// Ugly on purpose: everything the loop touches is a local, case labels are literals (V8 makes a jump table of them), and the
// fast paths of loads, stores and calls are written out (a function this large gets nothing inlined).
/* eslint-disable -- generated */
import { Bug } from '../../base/assert.ts';
import { divide, multiply } from './arithmetic64.ts';
import type { Machine } from './machine.ts';

const scratch = new Int32Array(2);

/**
 * Executes instructions of the current task until it halts, its fuel is used up, or something stops it. The state in \`m\`
 * is up to date on return and whenever a method of \`m\` runs (\`m.pc\` at least for everything that can fault).
 */
export function execute(m: Machine): void {
  const { memory } = m;
  const { pages } = memory;
  const { tlb } = pages;
  let code = m.code;
  let info = m.info;
  let R = m.registers;
  let frames = m.frames;
  let observed = m.observed;
  let d8 = pages.data8;
  let d32 = pages.data32;
  let s8 = pages.shadow8;
  let s32 = pages.shadow32;
  let pc = m.pc;
  let fp = m.fp;
  let fuel = m.fuel;
  let a = 0, b = 0, d = 0, x = 0, y = 0, z = 0, lo = 0, hi = 0, s = 0, p = 0;
  try {
  for (;;) {
    if (--fuel < 0) { m.pc = pc; m.fp = fp; m.fuel = 0; return; }
    switch (code[pc]) {
${cases}
      default: throw new Bug('no such instruction');
    }
  }
  } catch (error) {
    // Methods of the machine throw MachineStop; the instruction at pc did not complete.
    m.unwound(error, pc, fp, fuel);
    throw error;
  }
}
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('../../src/core/machine/execute.ts', import.meta.url), text);
}
