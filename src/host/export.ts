// Exports the last trace as text for a mail or for another tool; opens it as an untitled document, writes nothing.
import { commands, window, workspace, type Disposable, type QuickPickItem } from 'vscode';
import type { ExportFormat } from '../core/session/engine-api.ts';
import type { FeatureContext } from './feature.ts';
import { labels } from './messages.ts';
import { textColumn } from './navigation.ts';

interface FormatItem extends QuickPickItem {
  readonly format: ExportFormat;
  readonly language: string;
}

const formats: readonly FormatItem[] = [
  { label: 'Markdown', detail: 'for a mail or an issue', format: 'markdown', language: 'markdown' },
  { label: 'Text', detail: 'one event per line, as the goldens have it', format: 'text', language: 'plaintext' },
  { label: 'ftrace', detail: 'function_graph text', format: 'ftrace', language: 'plaintext' },
  { label: 'Chrome trace', detail: 'JSON for Perfetto or speedscope', format: 'chrome', language: 'json' },
  {
    label: 'CPU profile',
    detail: '.cpuprofile, which VS Code opens as a flame chart',
    format: 'cpuprofile',
    language: 'json',
  },
  { label: 'JSON', detail: 'what daxtrace trace --json prints', format: 'json', language: 'json' },
];

export function activate(context: FeatureContext): Disposable {
  return commands.registerCommand('daxtrace.exportTrace', async (given?: ExportFormat) => {
    const { last } = context.runner;
    if (last === undefined) {
      await commands.executeCommand('daxtrace.traceMemoryFailure');
      return;
    }
    const chosen =
      formats.find((item) => item.format === given) ?? (await window.showQuickPick(formats, { placeHolder: labels.pickFormat() }));
    if (chosen === undefined) return;
    const content = await context.engine.call('export', { result: last.result, format: chosen.format });
    await window.showTextDocument(await workspace.openTextDocument({ content, language: chosen.language }), { viewColumn: textColumn() });
  });
}
