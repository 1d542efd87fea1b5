// kernel/printk, kernel/panic.c: messages become log lines with the text that dmesg prints after the timestamp.
import type { IntrinsicCall, IntrinsicResult } from '../../../machine/intrinsic.ts';
import { VaListSource } from '../../../machine/va-list.ts';
import { formatKernel, type ArgSource, type FormatWorld } from '../../lib/vsprintf.ts';
import { intrinsic, intrinsics, nothing, type KernelIntrinsic, type KernelModel, type StateKey } from '../../model.ts';

const file = 'kernel/printk/printk.c';
const why = 'the log is part of the result';

/** Text of a line that was printed without its newline. */
const pending: StateKey<{ text: string }> = { name: 'printk', create: () => ({ text: '' }), clone: (v) => ({ ...v }) };

/** Variadic arguments of a call from `from` on. */
function argsFrom(call: IntrinsicCall, from: number): ArgSource {
  let at = from;
  return { next: () => call.u64(at++) };
}

/** The kernel as formats see it. */
function formatWorld(kernel: KernelModel): FormatWorld {
  return {
    memory: kernel.machine.memory,
    symbol: (address, offset) => {
      const text = kernel.program.symbolize(address) ?? `0x${address.toString(16)}`;
      return offset ? text : text.replace(/\+0x[0-9a-f]+(\/0x[0-9a-f]+)?$/, '');
    },
    pointer: (extension, address) => namedPointer(kernel, extension, address),
  };
}

/** %pd (dentry name), %pg (block device name). */
function namedPointer(kernel: KernelModel, extension: string, address: bigint): string | undefined {
  if (extension.startsWith('d')) return kernel.view('struct dentry', address).member('d_name.name').text();
  if (extension === 'g') {
    const bdev = kernel.view('struct block_device', address);
    const disk = bdev.member('bd_disk').follow().member('disk_name').text();
    const partno = bdev.has('bd_partno') ? bdev.member('bd_partno').readNumber() : Number(bdev.member('__bd_flags').read() & 0xffn);
    return partno === 0 ? disk : `${disk}${/\d$/.test(disk) ? 'p' : ''}${partno}`;
  }
  return undefined;
}

/** Puts a formatted message into the log: level prefix off, one line per newline. */
function printText(call: Pick<IntrinsicCall, 'log'>, kernel: KernelModel, text: string): number {
  const state = kernel.part(pending);
  let rest = text;
  let continues = false;
  while (rest.charCodeAt(0) === 1 && rest.length > 1) {
    if (rest[1] === 'c') continues = true;
    rest = rest.slice(2);
  }
  if (!continues && state.text !== '') {
    call.log(state.text);
    state.text = '';
  }
  const lines = (state.text + rest).split('\n');
  state.text = lines.pop() ?? '';
  for (const line of lines) call.log(line);
  return text.length;
}

function printf(call: IntrinsicCall, kernel: KernelModel, formatIndex: number): IntrinsicResult {
  return printText(call, kernel, formatKernel(call.string(formatIndex), argsFrom(call, formatIndex + 1), formatWorld(kernel)));
}

/** Writes formatted text into a buffer of the kernel; gives the length that the whole text has. */
function snprintf(call: IntrinsicCall, kernel: KernelModel, args: ArgSource, bounded: boolean): number {
  const text = new TextEncoder().encode(formatKernel(call.string(bounded ? 2 : 1), args, formatWorld(kernel)));
  const room = bounded ? Number(call.u64(1)) : text.length + 1;
  if (room > 0) {
    const cut = text.subarray(0, Math.min(text.length, room - 1));
    call.machine.memory.writeBytes(call.u64(0), new Uint8Array([...cut, 0]));
  }
  return text.length;
}

const allocate = (call: IntrinsicCall, text: string): bigint => {
  const bytes = new Uint8Array([...new TextEncoder().encode(text), 0]);
  const address = call.machine.heap.allocate({ size: bytes.length, name: 'kasprintf', zeroed: true });
  call.machine.memory.writeBytes(address, bytes);
  return address;
};

const printing: readonly KernelIntrinsic[] = [
  ...intrinsics(
    ['int _printk(const char *fmt, ...)', 'int printk(const char *fmt, ...)', 'int _printk_deferred(const char *fmt, ...)'],
    file,
    why,
    (call, kernel) => printf(call, kernel, 0),
  ),
  intrinsic('int vprintk(const char *fmt, va_list args)', file, why, (call, kernel) =>
    printText(call, kernel, formatKernel(call.string(0), new VaListSource(call.machine.memory, call.u64(1)), formatWorld(kernel))),
  ),
  intrinsic(
    'int vprintk_emit(int facility, int level, const struct dev_printk_info *dev_info, const char *fmt, va_list args)',
    file,
    why,
    (call, kernel) =>
      printText(call, kernel, formatKernel(call.string(3), new VaListSource(call.machine.memory, call.u64(4)), formatWorld(kernel))),
  ),
  intrinsic('void __warn_printk(const char *fmt, ...)', 'kernel/panic.c', why, (call, kernel) => {
    call.log('------------[ cut here ]------------');
    kernel.noteCutHere();
    printf(call, kernel, 0);
    return undefined;
  }),
  intrinsic('void panic(const char *fmt, ...)', 'kernel/panic.c', why, (call, kernel) => {
    const text = `Kernel panic - not syncing: ${formatKernel(call.string(0), argsFrom(call, 1), formatWorld(kernel))}`.trimEnd();
    call.log(text);
    return { kind: 'fault', fault: { kind: 'bug', text } };
  }),
  ...intrinsics(
    ['int ___ratelimit(struct ratelimit_state *rs, const char *func)', 'int __printk_ratelimit(const char *func)'],
    'lib/ratelimit.c',
    'there is no time',
    () => 1,
  ),
  ...intrinsics(
    [
      'void dump_stack(void)',
      'void dump_stack_lvl(const char *log_lvl)',
      'void add_taint(unsigned int flag, enum lockdep_ok lockdep_ok)',
      'void dump_page(struct page *page, const char *reason)',
      'void show_stack(struct task_struct *task, unsigned long *sp, const char *loglvl)',
    ],
    'lib/dump_stack.c',
    'the trace shows the chain of calls',
    nothing,
    { fidelity: { partial: 'prints nothing' } },
  ),
];

const formatting: readonly KernelIntrinsic[] = [
  ...intrinsics(
    ['int snprintf(char *buf, size_t size, const char *fmt, ...)', 'int scnprintf(char *buf, size_t size, const char *fmt, ...)'],
    'lib/vsprintf.c',
    why,
    (call, kernel) => snprintf(call, kernel, argsFrom(call, 3), true),
  ),
  intrinsic('int sprintf(char *buf, const char *fmt, ...)', 'lib/vsprintf.c', why, (call, kernel) =>
    snprintf(call, kernel, argsFrom(call, 2), false),
  ),
  ...intrinsics(
    [
      'int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)',
      'int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)',
    ],
    'lib/vsprintf.c',
    why,
    (call, kernel) => snprintf(call, kernel, new VaListSource(call.machine.memory, call.u64(3)), true),
  ),
  ...intrinsics(['char *kasprintf(gfp_t gfp, const char *fmt, ...)'], 'lib/kasprintf.c', why, (call, kernel) =>
    allocate(call, formatKernel(call.string(1), argsFrom(call, 2), formatWorld(kernel))),
  ),
  intrinsic('char *kvasprintf(gfp_t gfp, const char *fmt, va_list ap)', 'lib/kasprintf.c', why, (call, kernel) =>
    allocate(call, formatKernel(call.string(1), new VaListSource(call.machine.memory, call.u64(2)), formatWorld(kernel))),
  ),
];

export const printkIntrinsics: readonly KernelIntrinsic[] = [...printing, ...formatting];
