// Palette "Inject from Log…": log lines or badblocks become a scenario document, which is traced.
import { commands, env, window, workspace, type Disposable } from 'vscode';
import type { FeatureContext } from './feature.ts';
import { labels, messages } from './messages.ts';
import { lastScenario, pickScenario, readScenario, scenarioKey, type ScenarioKey } from './scenarios.ts';
import { traceMemoryFailure } from './trace-command.ts';

/** What tests may pass instead of being asked. */
export interface InjectArguments {
  readonly log?: string;
  readonly preset?: string;
}

/** What a clipboard or selection must contain to be offered as a log. */
const LOOKS_LIKE_LOG = /\[Hardware Error\]|Memory failure:|physical_address|badblock|\bADDR\b|\bEDAC\b/;

/** The selection, else the clipboard when it looks like a log, else what the user types or pastes. */
async function askForLog(): Promise<string | undefined> {
  const editor = window.activeTextEditor;
  const selected = editor === undefined ? '' : editor.document.getText(editor.selection);
  if (selected.trim() !== '') return selected;
  const copied = await env.clipboard.readText();
  if (LOOKS_LIKE_LOG.test(copied)) return copied;
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
async function injectFromLog(context: FeatureContext, given: InjectArguments): Promise<void> {
  if ((await context.trees.require()) === undefined) return;
  const log = given.log ?? (await askForLog());
  if (log === undefined || log.trim() === '') return;
  const base = await chooseBase(context, given);
  if (base === undefined) return;
  try {
    const answer = await context.engine.call('fillFromLog', { scenario: await readScenario(base), log });
    if (answer.kind === 'refused') {
      void window.showErrorMessage(messages['log.refused'](answer.message));
      return;
    }
    const document = await workspace.openTextDocument({ content: answer.text, language: 'json' });
    await window.showTextDocument(document);
    void window.showInformationMessage(messages['log.filled'](answer.notes.join('; ')));
    await traceMemoryFailure(context, { file: document.uri.fsPath });
  } catch (error) {
    void window.showErrorMessage(messages['log.refused'](error instanceof Error ? error.message : String(error)));
  }
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
