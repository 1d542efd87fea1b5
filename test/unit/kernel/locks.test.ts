import { describe, expect, test } from 'vitest';
import type { IntrinsicCall } from '../../../src/core/machine/intrinsic.ts';
import { acquire, leakedLocks, mightSleep, release } from '../../../src/core/kernel/locks.ts';
import { KernelModel } from '../../../src/core/kernel/model.ts';

/** A call that collects its warnings; memory is always addressable. */
function setup() {
  const warnings: string[] = [];
  const kernel = new KernelModel();
  kernel.current = 0x1000n;
  const machine = { backtrace: () => [], memory: { isAddressable: () => true }, attach: () => undefined };
  Object.defineProperty(kernel, 'program', { value: { symbolize: () => undefined } });
  const call = {
    name: 'f',
    caller: 'g',
    site: undefined,
    machine,
    warn: (fault: { text: string }) => warnings.push(fault.text),
  } as unknown as IntrinsicCall;
  return { kernel, call, warnings };
}

describe('observed locks', () => {
  test('a mutex that is released leaves nothing behind', () => {
    const { kernel, call, warnings } = setup();
    acquire(call, kernel, 'mutex', 'exclusive', 8n, true);
    release(call, kernel, 'mutex', 8n);
    expect([leakedLocks(kernel, kernel.current), warnings]).toEqual([[], []]);
  });

  test('a lock that is kept is named with the place that took it', () => {
    const { kernel, call } = setup();
    acquire(call, kernel, 'rwsem', 'shared', 8n, false);
    expect(leakedLocks(kernel, kernel.current)[0]).toMatch(/rwsem 0x8 is still held, taken in g/);
  });

  test('two readers share, a writer behind a reader would wait forever', () => {
    const { kernel, call } = setup();
    expect(acquire(call, kernel, 'rwsem', 'shared', 8n, false)).toBeUndefined();
    expect(acquire(call, kernel, 'rwsem', 'shared', 8n, false)).toBeUndefined();
    expect(acquire(call, kernel, 'rwsem', 'exclusive', 8n, false)).toMatchObject({ kind: 'fault', fault: { kind: 'lock' } });
  });

  test('releasing what nobody holds is reported and goes on', () => {
    const { kernel, call, warnings } = setup();
    release(call, kernel, 'spinlock', 8n);
    expect(warnings[0]).toMatch(/bad unlock balance/);
  });

  test('sleeping under a spinlock is reported, without one other tasks get their turn', () => {
    const { kernel, call, warnings } = setup();
    let turns = 0;
    kernel.onQuiet = () => turns++;
    mightSleep(call, kernel);
    acquire(call, kernel, 'spinlock', 'exclusive', 8n, false);
    mightSleep(call, kernel);
    expect([turns, warnings.length]).toEqual([1, 1]);
    expect(warnings[0]).toMatch(/sleeping function called from invalid context/);
  });

  test('a snapshot carries the locks', () => {
    const { kernel, call } = setup();
    acquire(call, kernel, 'mutex', 'exclusive', 8n, false);
    const saved = kernel.save();
    release(call, kernel, 'mutex', 8n);
    kernel.load(saved);
    expect(leakedLocks(kernel, kernel.current)).toHaveLength(1);
  });
});
