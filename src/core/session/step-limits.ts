// Steps whose effect on the filesystem is not simulated: what comes after them is not known.

import { add, overlaps, pagesToBytes } from '../../base/units.ts';
import type { Scenario, Step } from '../scenario/schema.ts';

/** Why a step cannot be carried out exactly; undefined when it can. */
export function stepLimit(scenario: Scenario, step: Step): string | undefined {
  if (step.kind !== 'access' || step.how !== 'write') return undefined;
  const map =
    scenario.processes.find((process) => process.label === step.process)?.maps.find((candidate) => candidate.name === step.map) ??
    scenario.steps.flatMap((other) =>
      other.kind === 'map' && other.process === step.process && other.map.name === step.map ? [other.map] : [],
    )[0];
  const file = scenario.filesystems.flatMap((fs) => fs.files).find((candidate) => candidate.path === map?.path);
  if (map?.sharing !== 'shared' || file === undefined || file.dax === false) return undefined;
  const written = { start: add(map.offset, pagesToBytes(step.page)), length: pagesToBytes(step.count) };
  const shared = file.extents.some((extent) => extent.shared && overlaps({ start: extent.logical, length: extent.length }, written));
  return shared
    ? `${step.process} writes to shared blocks of ${file.path}: where the filesystem puts the copy is not simulated`
    : undefined;
}
