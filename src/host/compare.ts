// Palette "Compare Designs…" and "What Did My Edit Change?": pick what stands side by side, run with progress and Cancel, show the table.
import { commands, ProgressLocation, QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import type { CompareKey } from '../protocol/panel.ts';
import type { DesignInfo, EngineApi } from '../protocol/worker.ts';
import type { ResultOf } from '../base/channel.ts';
import { registerComparePanel, showComparePanel } from './compare-panel.ts';
import { CompareRunner, type FinishedComparison } from './compare-runner.ts';
import { designSide } from './compared-sides.ts';
import { DisposableStore } from './disposable.ts';
import { committedTexts } from './edit-base.ts';
import type { FeatureContext } from './feature.ts';
import { labels, messages } from './messages.ts';
import { staysOpen } from './pick.ts';
import { lastScenario, pickScenario, scenarioKey, splitKey, type ScenarioKey } from './scenarios.ts';

/** What tests, and other features, pass instead of being asked. */
export interface CompareArguments {
  readonly preset?: string;
  /** Names of sides: `tree`, `disk`, `head`, `sample`, `design:NAME`. */
  readonly sides?: readonly string[];
}

type Presets = ResultOf<EngineApi, 'presets'>;

/** Presets that show what designs differ in come first. */
function tellingFirst(presets: Presets, designs: readonly DesignInfo[]): Presets {
  const telling = new Set(designs.flatMap((design) => design.presets));
  return [...presets.filter(({ name }) => telling.has(name)), ...presets.filter(({ name }) => !telling.has(name))];
}

interface SideItem extends QuickPickItem {
  readonly side?: string;
}

/** The tree, the sample, and every design; those that are meant for the scenario are picked. */
async function pickDesigns(
  { trees }: FeatureContext,
  designs: readonly DesignInfo[],
  scenario: ScenarioKey,
): Promise<readonly string[] | undefined> {
  const preset = splitKey(scenario)?.name ?? '';
  const items: SideItem[] = [];
  if (trees.current !== undefined) {
    items.push({ label: labels.thisTree(trees.current.label), detail: labels.thisTreeDetail(), side: 'tree', picked: true });
  }
  // On the sample tree itself one column is enough.
  if (!trees.isSample) items.push({ label: labels.sampleTree(), detail: labels.sampleTreeDetail(), side: 'sample', picked: true });
  items.push(
    { label: labels.designs(), kind: QuickPickItemKind.Separator },
    ...designs.map(({ name, title, shows, presets }) => ({
      label: title,
      description: name,
      detail: shows,
      side: designSide(name),
      picked: presets.includes(preset),
    })),
  );
  const picked = await window.showQuickPick(items, {
    ...staysOpen,
    canPickMany: true,
    placeHolder: labels.pickCompared(),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.map(({ side }) => side).filter((side) => side !== undefined);
}

/** The side before the edit; undefined when there is none, which is said, or when the user declines. */
async function pickBase({ trees, overlays }: FeatureContext): Promise<string | undefined> {
  const committed = await committedTexts(trees);
  const items: SideItem[] = [];
  const { edited } = overlays;
  if (edited.length > 0) {
    items.push({ label: labels.onDisk(), description: labels.fileCount(edited.length), detail: edited.join(', '), side: 'disk' });
  }
  if (committed !== undefined && committed.paths.length > 0) {
    const paths = [...new Set([...committed.paths, ...edited])];
    items.push({ label: labels.head(), description: labels.fileCount(paths.length), detail: paths.join(', '), side: 'head' });
  }
  const [only, further] = items;
  if (only === undefined) void window.showInformationMessage(messages['compare.nothingEdited']());
  if (further === undefined) return only?.side;
  return (await window.showQuickPick(items, { ...staysOpen, placeHolder: labels.pickBase() }))?.side;
}

class Comparisons {
  private readonly context: FeatureContext;
  readonly runner: CompareRunner;

  constructor(context: FeatureContext, runner: CompareRunner) {
    this.context = context;
    this.runner = runner;
  }

  async designs({ preset, sides }: CompareArguments): Promise<FinishedComparison | undefined> {
    if ((await this.context.trees.require()) === undefined) return undefined;
    const designs = await this.runner.designs();
    const scenario = preset === undefined ? await this.pickScenario(designs) : scenarioKey('preset', preset);
    if (scenario === undefined) return undefined;
    const chosen = sides ?? (await pickDesigns(this.context, designs, scenario));
    return chosen === undefined ? undefined : this.show({ scenario, sides: chosen });
  }

  async edit({ preset, sides }: CompareArguments): Promise<FinishedComparison | undefined> {
    const { trees, runner, extension } = this.context;
    if ((await trees.require()) === undefined) return undefined;
    const chosen = sides ?? (await this.editSides());
    if (chosen === undefined) return undefined;
    const traced = preset === undefined ? (runner.scenario ?? lastScenario(extension.workspaceState)) : scenarioKey('preset', preset);
    const scenario = traced ?? (await this.pickScenario([]));
    return scenario === undefined ? undefined : this.show({ scenario, sides: chosen });
  }

  private async editSides(): Promise<readonly string[] | undefined> {
    const base = await pickBase(this.context);
    return base === undefined ? undefined : [base, 'tree'];
  }

  private pickScenario(designs: readonly DesignInfo[]): Promise<ScenarioKey | undefined> {
    const { engine, extension, runner } = this.context;
    const presets = engine.call('presets', null).then((known) => tellingFirst(known, designs));
    return pickScenario(presets, runner.scenario ?? lastScenario(extension.workspaceState));
  }

  private async show(key: CompareKey): Promise<FinishedComparison | undefined> {
    showComparePanel(this.context, this.runner);
    return window.withProgress(
      { location: ProgressLocation.Notification, title: messages['compare.title'](), cancellable: true },
      (progress, token) =>
        this.runner.run(key, {
          token,
          progress: (phase) => {
            progress.report({ message: phase });
          },
        }),
    );
  }
}

export function activate(context: FeatureContext): DisposableStore {
  const store = new DisposableStore();
  const runner = store.add(new CompareRunner(context));
  const comparisons = new Comparisons(context, runner);
  store.add(registerComparePanel(context, runner));
  store.add(
    commands.registerCommand('daxtrace.compareDesigns', (given?: CompareArguments) => comparisons.designs(isArguments(given) ? given : {})),
  );
  store.add(
    commands.registerCommand('daxtrace.compareEdit', (given?: CompareArguments) => comparisons.edit(isArguments(given) ? given : {})),
  );
  return store;
}

/** Menus pass a Uri to commands; only our own arguments count. */
function isArguments(given: unknown): given is CompareArguments {
  return typeof given === 'object' && given !== null && ('preset' in given || 'sides' in given);
}
