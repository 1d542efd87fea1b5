// Palette "Trace memory_failure": pick a scenario, run with progress and Cancel, show the panel.
import { commands, ProgressLocation, window } from 'vscode';
import type { FeatureContext } from './feature.ts';
import { DisposableStore } from './disposable.ts';
import { messages } from './messages.ts';
import { lastScenario, pickScenario, rememberScenario, scenarioKey, type ScenarioKey } from './scenarios.ts';
import { readSettings } from './settings.ts';
import { showTracePanel } from './trace-panel.ts';

/** What other features, tests and `npm start` may pass to the command instead of asking. */
export interface TraceArguments {
  readonly preset?: string;
  /** Absolute path of a scenario or observation file. */
  readonly file?: string;
  /** Function that the trace should go through; uses the last scenario when there is one. */
  readonly through?: string;
}

function defaultScenario({ extension }: FeatureContext): ScenarioKey | undefined {
  const last = lastScenario(extension.workspaceState);
  if (last !== undefined) return last;
  const { scenario } = readSettings();
  if (scenario === '') return undefined;
  return scenario.endsWith('.json') ? scenarioKey('scenario', scenario) : scenarioKey('preset', scenario);
}

async function chooseScenario(context: FeatureContext, given: TraceArguments): Promise<ScenarioKey | undefined> {
  if (given.preset !== undefined) return scenarioKey('preset', given.preset);
  if (given.file !== undefined) return scenarioKey('scenario', given.file);
  const last = defaultScenario(context);
  if (given.through !== undefined && last !== undefined) return last;
  const presets = context.engine.call('presets', null).catch((error: unknown) => {
    // Files can still be picked.
    context.log.error(`presets: ${String(error)}`);
    return [];
  });
  return pickScenario(presets, last);
}

/** Runs the command; resolves when the trace is shown or was given up. */
export async function traceMemoryFailure(context: FeatureContext, given: TraceArguments = {}): Promise<void> {
  if ((await context.trees.require()) === undefined) return;
  const scenario = await chooseScenario(context, given);
  if (scenario === undefined) return;
  await rememberScenario(context.extension.workspaceState, scenario);
  showTracePanel(context);
  const finished = await window.withProgress(
    { location: ProgressLocation.Notification, title: messages['trace.title'](), cancellable: true },
    async (progress, token) =>
      context.runner.run(scenario, {
        token,
        progress: (phase) => {
          progress.report({ message: phase });
        },
        ...(given.through === undefined ? {} : { focus: given.through }),
      }),
  );
  const { through } = given;
  if (finished === undefined || through === undefined) return;
  const reached = finished.result.injections.some((injection) => injection.calls.some((call) => call.function === through));
  if (!reached) void window.showInformationMessage(messages['trace.notReached'](through));
}

export function activate(context: FeatureContext): DisposableStore {
  const store = new DisposableStore();
  store.add(
    commands.registerCommand('daxtrace.traceMemoryFailure', (given?: TraceArguments) =>
      traceMemoryFailure(context, isArguments(given) ? given : {}),
    ),
  );
  store.add(
    commands.registerCommand('daxtrace.traceAgain', async () => {
      const { scenario } = context.runner;
      if (scenario === undefined) await traceMemoryFailure(context);
      else await context.runner.run(scenario);
    }),
  );
  store.add(commands.registerCommand('daxtrace.useSampleTree', () => context.trees.useSample()));
  return store;
}

/** Menus pass a Uri to commands; only our own arguments count. */
function isArguments(given: unknown): given is TraceArguments {
  return typeof given === 'object' && given !== null && ('preset' in given || 'file' in given || 'through' in given);
}
