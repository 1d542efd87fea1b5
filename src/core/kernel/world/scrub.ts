// An address-range scrub ends: the tree's own NFIT code turns the firmware's records into bad ranges and the drivers' bad blocks.
import type { Step } from '../../scenario/schema.ts';
import { fillScrub } from '../drivers/nvdimm/bus.ts';
import { callAs, type Calls, helperTask } from './step-calls.ts';
import type { World } from './types.ts';

const NFIT = 'drivers/acpi/nfit/core.c';

/** acpi_nfit_query_poison() and __acpi_nfit_scrub() after the firmware answered: records first, then everybody is told. */
export function runScrub({ kernel, scenario }: World, step: Extract<Step, { kind: 'scrub' }>): Calls {
  const device = scenario.pmem.find((candidate) => candidate.name === step.device);
  if (device === undefined) return [];
  const description = fillScrub(kernel, device, step.bad);
  const worker = helperTask(kernel, 'worker');
  const records = callAs(kernel, worker, 'ars_status_process_records', [description], NFIT);
  if (records.some((call) => call.outcome.kind !== 'value')) return records;
  return [...records, ...callAs(kernel, worker, 'ars_complete_all', [description], NFIT)];
}
