// Palette "Inject from Log…": log lines or badblocks become a scenario document, which is traced.
import { commands, env, window, workspace, type Disposable, type QuickPickItem } from 'vscode';
import type { FeatureContext } from './feature.ts';
import { labels, messages } from './messages.ts';
import { textColumn } from './navigation.ts';
import { lastScenario, pickScenario, readScenario, scenarioKey, type ScenarioKey } from './scenarios.ts';
import { traceMemoryFailure } from './trace-command.ts';

/** What tests may pass instead of being asked. */
export interface InjectArguments {
  readonly log?: string;
  readonly preset?: string;
}

/** What came of it: the scenario's text, or why there is none. */
export type InjectAnswer = { readonly kind: 'filled'; readonly text: string } | { readonly kind: 'refused'; readonly message: string };

/** Characters of a log that the pick shows. */
const shownOfLog = 120;

interface LogItem extends QuickPickItem {
  readonly log?: string;
}

function logItem(label: string, log: string): readonly LogItem[] {
  const lines = log.trim().split('\n');
  if (log.trim() === '') return [];
  return [{ label, description: labels.lineCount(lines.length), detail: (lines[0] ?? '').slice(0, shownOfLog), log }];
}

/** The selection or the clipboard, which may have many lines, or a line to type. */
async function askForLog(): Promise<string | undefined> {
  const editor = window.activeTextEditor;
  const selected = editor === undefined ? '' : editor.document.getText(editor.selection);
  // A browser may refuse to show the clipboard.
  const copied = await env.clipboard.readText().then(
    (text) => text,
    () => '',
  );
  const items = [...logItem(labels.fromSelection(), selected), ...logItem(labels.fromClipboard(), copied)];
  if (items.length > 0) {
    const picked = await window.showQuickPick([...items, { label: labels.typeLog() }], { placeHolder: labels.pickLog() });
    if (picked === undefined || picked.log !== undefined) return picked?.log;
  }
  return window.showInputBox({ title: labels.injectFromLog(), prompt: labels.pasteLog(), ignoreFocusOut: true });
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
  const document = await workspace.openTextDocument({ content: answer.text, language: 'json' });
  await window.showTextDocument(document, { viewColumn: textColumn() });
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
