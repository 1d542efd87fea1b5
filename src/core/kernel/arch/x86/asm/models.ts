// The asm models of the simulated x86-64: trap instructions of BUG()/WARN(), the interrupt flag, and everything the small CPU can do.
import type { AsmCall, AsmModel, AsmSite } from '../../../../machine/asm.ts';
import type { IntrinsicResult } from '../../../../machine/intrinsic.ts';
import type { KernelModel } from '../../../model.ts';
import { Cpu } from './cpu.ts';
import { slotsOf, UnknownInstruction } from './slots.ts';
import { parseTemplate, type AsmInstruction } from './template.ts';

interface Prepared {
  readonly list: readonly AsmInstruction[];
  readonly slots: ReturnType<typeof slotsOf>;
}

/** include/linux/bug.h (BUGFLAG_*): what the trap's table entry says. */
const BUGFLAG_WARNING = 1n;
const BUGFLAG_ONCE = 2n;

function trap(call: AsmCall, kernel: KernelModel): IntrinsicResult {
  const strings = call.site.operands.map((o, i) => ({ o, i })).filter(({ o }) => o.constraint.includes('i'));
  const [file, line, flags] = strings.map(({ i }) => call.read(i));
  const path = file === undefined ? '' : call.machine.memory.readString(file);
  const where = path === '' ? kernel.describe(call.at) : `${path}:${line ?? 0n}`;
  if (flags !== undefined && (flags & BUGFLAG_WARNING) !== 0n) {
    if ((flags & BUGFLAG_ONCE) !== 0n && kernel.seenOnce(`WARN ${where}`)) return undefined;
    const text = `WARNING: CPU: 0 PID: ${kernel.currentPid()} at ${where} ${call.caller ?? ''}`.trimEnd();
    if (!kernel.takeCutHere()) call.log('------------[ cut here ]------------');
    call.log(text);
    call.warn({ kind: 'warning', text, fatal: false });
    return undefined;
  }
  call.log('------------[ cut here ]------------');
  const text = `kernel BUG at ${where}!`;
  call.log(text);
  return { kind: 'fault', fault: { kind: 'bug', text } };
}

/** All asm models, bound to one kernel. Parsing is kept per statement. */
export function x86AsmModels(kernel: KernelModel): readonly AsmModel[] {
  const prepared = new WeakMap<AsmSite, Prepared | string>();
  const prepare = (site: AsmSite): Prepared | string => {
    const parsed = parseTemplate(site.template);
    return parsed.kind === 'refused' ? parsed.what : { list: parsed.list, slots: slotsOf(site) };
  };
  return [
    {
      matches: (site) => site.template.includes('__bug_table') || /^(\d+:\s*)?ud2\b/.test(site.key),
      fidelity: 'exact',
      reason: 'BUG() and WARN() trap; the handler is arch code',
      run: (call) => trap(call, kernel),
    },
    {
      matches: (site) => site.template.includes('pushf') && site.template.includes('pop '),
      fidelity: { partial: 'only the interrupt flag is modelled' },
      reason: 'flags register',
      run: (call) => {
        call.write(0, kernel.locks.irqsDisabled ? 0n : 0x200n);
        return undefined;
      },
    },
    {
      matches: (site) => site.operands.length === 0 && site.labels.length === 0 && /^[\s]*$/.test(site.template),
      fidelity: 'exact',
      reason: 'compiler barrier',
      run: () => undefined,
    },
    {
      matches: () => true,
      fidelity: 'exact',
      reason: 'integer instructions of one CPU, executed on the operands',
      run: (call): IntrinsicResult => {
        let code = prepared.get(call.site);
        if (code === undefined) prepared.set(call.site, (code = prepare(call.site)));
        const refused = (what: string): IntrinsicResult => ({
          kind: 'limit',
          limit: { kind: 'unmodelled-asm', name: call.site.key, text: `inline assembly of ${call.site.function} is not modelled: ${what}` },
        });
        if (typeof code === 'string') return refused(code);
        try {
          new Cpu(call, code.slots).run(code.list);
        } catch (error) {
          if (error instanceof UnknownInstruction) return refused(error.message);
          throw error;
        }
        return undefined;
      },
    },
  ];
}
