// A topology that cannot exist is refused with the offending field.

import { checkDevices } from './check-devices.ts';
import { checkFilesystems } from './check-filesystems.ts';
import { checkProcesses } from './check-processes.ts';
import { checkStep } from './check-steps.ts';
import type { ScenarioProblem } from './problem.ts';
import type { Report } from './report.ts';
import type { Scenario } from './schema.ts';

/** Everything that contradicts itself in a scenario whose shape is right. */
export function checkScenario(scenario: Scenario): ScenarioProblem[] {
  const problems: ScenarioProblem[] = [];
  const report: Report = (path, message) => problems.push({ path, message });
  checkDevices(scenario, report);
  checkFilesystems(scenario, report);
  checkProcesses(scenario, report);
  scenario.steps.forEach((step, i) => {
    checkStep(scenario, step, scenario.steps.slice(0, i), `steps[${i}]`, report);
  });
  return problems;
}
