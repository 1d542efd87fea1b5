// The life of a holder on Debian's kernels: every pair of events with a failure after each, against a small model of who holds what.
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../src/core/scenario/read.ts';
import { file, frame, namespace, SIMULATED, xfs } from '../../src/core/scenario/presets/parts.ts';
import type { ScenarioInput } from '../../src/core/scenario/schema.ts';
import { TraceSession } from '../../src/core/session/trace-session.ts';
import type { TraceResult } from '../../src/core/trace/result.ts';
import { kernelFolder } from '../../src/dev/kernel-source.ts';
import { DiskSource } from '../../src/node/disk-source.ts';

type StepInput = ScenarioInput['steps'][number];
const EVENTS = ['mount', 'unmount', 'claim', 'put by claimant', 'kill', 'unbind', 'rebind'] as const;
type Event = (typeof EVENTS)[number];

const BLOCK = 4096;
const f1 = file('f1', 131, 24, 16);
const START = '0x7f0000000000';

/** What the world is after some events, and what each thing must then give. */
class Model {
  bound = true;
  alive = true;
  mounted = false;
  dax = false;
  holder: 'none' | 'filesystem' | 'claimant' = 'none';
  /** Pages of the file that A still maps. */
  readonly mapped = new Set<number>();
  /** References that a refused claim left behind. */
  leaks = 0;
  everMapped = false;

  /** Applies an event and gives the expected result. */
  apply(event: Event): RegExp {
    switch (event) {
      case 'mount':
        if (this.mounted) return /^-16$/;
        if (!this.bound) return /^-6$/;
        this.mounted = this.everMapped = true;
        this.dax = this.alive && this.holder === 'none';
        if (this.alive && !this.dax) this.leaks++;
        if (this.dax) this.holder = 'filesystem';
        for (let page = 0; page < 16; page++) if (this.dax) this.mapped.add(page);
        return /^0$/;
      case 'unmount':
        if (!this.mounted) return /^-22$/;
        this.mounted = this.dax = false;
        this.mapped.clear();
        if (this.holder === 'filesystem') this.holder = 'none';
        return /^0$/;
      case 'claim':
        // An unbound device is not found, a dead one is not given.
        if (!this.bound || !this.alive) return /^0x0$/;
        if (this.holder !== 'none') {
          this.leaks++;
          return /^0x0$/;
        }
        this.holder = 'claimant';
        return /^0x[1-9a-f]/;
      case 'put by claimant':
        if (this.holder === 'claimant') this.holder = 'none';
        return /^0$/;
      case 'kill':
        this.die();
        return /^0$/;
      case 'unbind':
        if (!this.bound) return /^-6$/;
        this.die();
        this.bound = false;
        return /^0$/;
      case 'rebind':
        if (this.bound) return /^-16$/;
        this.bound = this.alive = true;
        return /^0$/;
    }
  }

  private die(): void {
    // The holder with a reverse map is told of the whole device: A, who asked for early kill, loses every page.
    if (this.alive && this.holder === 'filesystem') this.mapped.clear();
    this.alive = false;
    this.holder = 'none';
  }

  /** memory_failure() of a page of the file: result, and whether A is signalled. */
  fail(page: number): { readonly value: string; readonly signalled: boolean } {
    if (!this.bound || !this.alive) return { value: '-6', signalled: false };
    if (this.holder === 'filesystem' || this.mapped.has(page)) {
      const signalled = this.mapped.delete(page);
      return { value: '0', signalled };
    }
    return { value: '-16', signalled: false };
  }
}

function stepsOf(event: Event, model: Model): StepInput[] {
  const wasMounted = model.mounted;
  switch (event) {
    case 'mount':
      return wasMounted
        ? [{ kind: 'mount', mountpoint: '/mnt' }]
        : [
            { kind: 'mount', mountpoint: '/mnt' },
            ...(model.bound
              ? ([
                  { kind: 'map', process: 'A', map: { name: 'm0', path: f1.path, start: START, length: 16 * BLOCK } },
                  { kind: 'access', process: 'A', map: 'm0', page: 0, count: 16, how: 'write' },
                ] satisfies StepInput[])
              : []),
          ];
    case 'unmount':
      return [
        ...(model.everMapped ? ([{ kind: 'unmap', process: 'A', map: 'm0' }] satisfies StepInput[]) : []),
        { kind: 'unmount', mountpoint: '/mnt' },
      ];
    case 'claim':
      return [{ kind: 'claim', device: 'pmem0', holder: 'other' }];
    case 'put by claimant':
      return [{ kind: 'release', device: 'pmem0', holder: 'other' }];
    default:
      return [{ kind: event, device: 'pmem0' }];
  }
}

const failure = (page: number): StepInput => ({
  kind: 'inject',
  via: 'hwpoison-inject',
  failures: [{ pfn: frame((24 + page) * BLOCK), flags: SIMULATED }],
});

for (const version of ['6.1', '6.12']) {
  const root = kernelFolder(version);
  const isThere = existsSync(`${root}/mm/memory-failure.c`);
  if (!isThere) console.warn(`Linux ${version}: not tested, there is no tree in the cache (npm run kernel -- ${version})`);

  describe.runIf(isThere)(`Linux ${version}: a failure between any two events of a holder's life`, () => {
    const session = new TraceSession({ source: new DiskSource(root) });

    function read(steps: readonly StepInput[]): ReturnType<typeof parseScenario> {
      return parseScenario({
        id: 'life',
        pmem: [namespace()],
        filesystems: [{ ...xfs({ files: [f1] }), mounted: false }],
        processes: [{ label: 'A', pid: 401, mcePolicy: 'early' }],
        steps,
      });
    }

    function trace(steps: readonly StepInput[]): TraceResult {
      const scenario = read(steps);
      if (scenario.kind === 'invalid') throw new Error(JSON.stringify(scenario.problems));
      const result = session.run(scenario.value, { all: false });
      if (result === undefined) throw new Error('cancelled');
      return result;
    }

    for (const first of EVENTS) {
      test(`after ${first}`, { timeout: 120_000 }, () => {
        for (const before of [[], ['mount']] as const) {
          for (const second of EVENTS) {
            const events: Event[] = [...before, first, second];
            const name = events.join(', ');
            const model = new Model();
            const steps: StepInput[] = [];
            const expected: { readonly value: RegExp; readonly signalled: boolean }[] = [];
            events.forEach((event, n) => {
              steps.push(...stepsOf(event, model), failure(n));
              const value = model.apply(event);
              const failed = model.fail(n);
              expected.push({ value, signalled: false }, { value: new RegExp(`^${failed.value}$`), signalled: failed.signalled });
            });
            // Who never asked for the device is nobody: a misspelt name is refused, not traced.
            const put = events.indexOf('put by claimant');
            if (put >= 0 && !events.slice(0, put).includes('claim')) {
              const refused = read(steps);
              const first = refused.kind === 'invalid' ? refused.problems[0]?.path : '';
              expect(first, name).toBe(`steps[${steps.findIndex((step) => step.kind === 'release')}].holder`);
              continue;
            }
            const result = trace(steps);
            result.injections.forEach((injection, n) => {
              const at = `${name}: ${n + 1} ${injection.title}`;
              expect(injection.faults, at).toEqual([]);
              expect(injection.result, at).toMatchObject({ kind: 'returned' });
              expect(injection.result.value, at).toMatch(expected[n]?.value ?? /never/);
              if (/pfn/.test(injection.title)) expect(injection.signals.length > 0, at).toBe(expected[n]?.signalled);
            });
            // fs_dax_get_by_bdev() of these kernels keeps the reference of a claimant that it refuses.
            const leaks = result.verdict.violations.filter((violation) =>
              /a reference to the dax_device of pmem0 was not released/.test(violation.text),
            );
            expect(leaks, name).toHaveLength(model.leaks);
            expect(result.verdict.violations.length, `${name}: ${JSON.stringify(result.verdict)}`).toBe(model.leaks);
          }
        }
      });
    }
  });
}
