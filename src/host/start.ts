// What `npm start` shows first: memory_failure() in the editor, its trace beside it.
import { window, workspace } from 'vscode';
import type { ViewPlace } from '../protocol/trace-view.ts';
import { DisposableStore } from './disposable.ts';
import type { FeatureContext } from './feature.ts';
import { openPlace } from './navigation.ts';
import { traceMemoryFailure } from './trace-command.ts';
import { landmark } from './trees.ts';

/** Names the preset to trace. */
const variable = 'DAXTRACE_TRACE_ON_START';

/** Where memory_failure() stands; the top of its file when the text does not tell. */
async function entryOf({ trees }: FeatureContext): Promise<ViewPlace> {
  const uri = trees.uriOf(landmark);
  const lines = uri === undefined ? [] : (await workspace.openTextDocument(uri)).getText().split('\n');
  return { path: landmark, line: lines.findIndex((line) => /^\w.*\bmemory_failure\(unsigned long pfn/.test(line)) + 1 };
}

async function showTrace(context: FeatureContext, preset: string): Promise<void> {
  if (window.activeTextEditor === undefined) await openPlace(context, await entryOf(context));
  await traceMemoryFailure(context, { preset });
}

export function activate(context: FeatureContext): DisposableStore {
  const preset = process.env[variable];
  if (preset !== undefined && preset !== '' && context.trees.current !== undefined) {
    showTrace(context, preset).catch((error: unknown) => {
      context.log.error(`start: ${String(error)}`);
    });
  }
  return new DisposableStore();
}
