// System call tables and numbers that a build makes from arch/x86/entry/syscalls/*.tbl (scripts/syscallhdr.sh, syscalltbl.sh).

import type { FileSource } from '../../source/file-source.ts';

interface Syscall {
  readonly number: number;
  readonly name: string;
  readonly native: string;
  readonly compat: string;
  readonly noreturn: boolean;
}

/** Paths and texts for both tables and all ABIs of x86. */
export function syscallHeaders(tree: FileSource, asm: string, uapi: string): Map<string, () => string> {
  const table = (bits: 32 | 64, abis: readonly string[]): Syscall[] =>
    parseTable(tree.read(`arch/x86/entry/syscalls/syscall_${bits}.tbl`) ?? '', abis);
  const i386 = ['i386'];
  const x32 = ['common', 'x32'];
  const native = ['common', '64'];
  return new Map<string, () => string>([
    [`${uapi}/unistd_32.h`, () => numbers('unistd_32.h', table(32, i386), '', '')],
    [`${asm}/unistd_32_ia32.h`, () => numbers('unistd_32_ia32.h', table(32, i386), 'ia32_', '')],
    [`${uapi}/unistd_x32.h`, () => numbers('unistd_x32.h', table(64, x32), '', '__X32_SYSCALL_BIT')],
    [`${uapi}/unistd_64.h`, () => numbers('unistd_64.h', table(64, native), '', '')],
    [`${asm}/unistd_64_x32.h`, () => numbers('unistd_64_x32.h', table(64, ['x32']), 'x32_', '')],
    [`${asm}/syscalls_32.h`, () => calls(table(32, i386))],
    [`${asm}/syscalls_64.h`, () => calls(table(64, native))],
    [`${asm}/syscalls_x32.h`, () => calls(table(64, x32))],
  ]);
}

function parseTable(text: string, abis: readonly string[]): Syscall[] {
  const found: Syscall[] = [];
  for (const line of text.split('\n')) {
    const [number = '', abi = '', name = '', native = '', compat = '', noreturn = ''] = line.trim().split(/\s+/);
    if (!/^\d+$/.test(number) || !abis.includes(abi)) continue;
    found.push({ number: Number(number), name, native, compat: compat === '-' ? '' : compat, noreturn: noreturn === 'noreturn' });
  }
  return found;
}

function numbers(file: string, table: readonly Syscall[], prefix: string, offset: string): string {
  const guard = `_UAPI_ASM_${file.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}`;
  let text = `#ifndef ${guard}\n#define ${guard}\n`;
  let last = 0;
  for (const call of table) {
    text += `#define __NR_${prefix}${call.name} ${offset === '' ? call.number : `(${offset} + ${call.number})`}\n`;
    last = call.number;
  }
  return `${text}#ifdef __KERNEL__\n#define __NR_${prefix}syscalls ${last + 1}\n#endif\n#endif\n`;
}

function calls(table: readonly Syscall[]): string {
  let text = '';
  let next = 0;
  for (const call of table) {
    for (; next < call.number; next++) text += `__SYSCALL(${next}, sys_ni_syscall)\n`;
    const native = call.native === '' ? 'sys_ni_syscall' : call.native;
    const tail = call.noreturn ? '_NORETURN' : '';
    if (call.compat !== '')
      text += `__SYSCALL_${call.noreturn ? 'COMPAT_NORETURN' : 'WITH_COMPAT'}(${call.number}, ${native}, ${call.compat})\n`;
    else text += `__SYSCALL${tail}(${call.number}, ${native})\n`;
    next = call.number + 1;
  }
  return text;
}
