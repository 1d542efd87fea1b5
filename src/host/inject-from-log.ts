// Palette "Inject from Log…": log lines or badblocks become a scenario document, which is traced.
import { commands, env, window, type Disposable } from 'vscode';
import type { FeatureContext } from './feature.ts';
import { labels, messages } from './messages.ts';
import { staysOpen } from './pick.ts';
import { lastScenario, pickScenario, readScenario, scenarioKey, type ScenarioKey } from './scenarios.ts';
import { traceMemoryFailure } from './trace-command.ts';
import { showUntitled } from './untitled.ts';

/** What tests may pass instead of being asked. */
export interface InjectArguments {
  readonly log?: string;
  readonly preset?: string;
}

/** What came of it: the scenario's text, or why there is none. */
export type InjectAnswer = { readonly kind: 'filled'; readonly text: string } | { readonly kind: 'refused'; readonly message: string };

/** Characters of a selection that the pick shows. */
const shownOfSelection = 120;

/** The selection or the clipboard, which may have many lines, or a line to type. The clipboard is read only when it is chosen. */
async function askForLog(): Promise<string | undefined> {
  const editor = window.activeTextEditor;
  const selected = (editor === undefined ? '' : editor.document.getText(editor.selection)).trim();
  const selection = { label: labels.fromSelection(), detail: selected.slice(0, shownOfSelection) };
  const clipboard = { label: labels.fromClipboard() };
  const typed = { label: labels.typeLog() };
  const items = selected === '' ? [clipboard, typed] : [selection, clipboard, typed];
  const picked = await window.showQuickPick(items, { ...staysOpen, placeHolder: labels.pickLog() });
  if (picked === selection) return selected;
  if (picked === clipboard) return env.clipboard.readText();
  if (picked === undefined) return undefined;
  return window.showInputBox({ title: labels.injectFromLog(), prompt: labels.pasteLog(), ...staysOpen });
}

async function chooseBase(context: FeatureContext, given: InjectArguments): Promise<ScenarioKey | undefined> {
  if (given.preset !== undefined) return scenarioKey('preset', given.preset);
  const presets = context.engine.call('presets', null).catch((error: unknown) => {
    // Files can still be picked.
    context.log.error(`presets: ${String(error)}`);
    return [];
  });
  return pickScenario(presets, lastScenario(context.extension.workspaceState));
}

/** Fills a scenario in, opens it as an untitled document and traces it. */
async function injectFromLog(context: FeatureContext, given: InjectArguments): Promise<InjectAnswer | undefined> {
  if ((await context.trees.require()) === undefined) return undefined;
  const log = given.log ?? (await askForLog());
  if (log === undefined || log.trim() === '') return undefined;
  const base = await chooseBase(context, given);
  if (base === undefined) return undefined;
  const answer = await context.engine
    .call('fillFromLog', { scenario: await readScenario(base), log })
    .catch((error: unknown): InjectAnswer => ({ kind: 'refused', message: error instanceof Error ? error.message : String(error) }));
  if (answer.kind === 'refused') {
    void window.showErrorMessage(messages['log.refused'](answer.message));
    return answer;
  }
  const document = await showUntitled(answer.text, 'json');
  if ('notes' in answer) void window.showInformationMessage(messages['log.filled'](answer.notes.join('; ')));
  await traceMemoryFailure(context, { file: document.uri.fsPath });
  return answer;
}

export function activate(context: FeatureContext): Disposable {
  return commands.registerCommand('daxtrace.injectFromLog', (given?: InjectArguments) =>
    injectFromLog(context, isArguments(given) ? given : {}),
  );
}

/** Menus pass a Uri to commands; only our own arguments count. */
function isArguments(given: unknown): given is InjectArguments {
  return typeof given === 'object' && given !== null && ('log' in given || 'preset' in given);
}
