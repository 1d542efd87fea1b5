// Exports the last trace as text for a mail or for another tool; opens it as an untitled document, writes nothing.
import { commands, window, type Disposable, type QuickPickItem } from 'vscode';
import type { ExportFormat } from '../core/session/engine-api.ts';
import type { FeatureContext } from './feature.ts';
import { labels } from './messages.ts';
import { staysOpen } from './pick.ts';
import { showUntitled } from './untitled.ts';

interface FormatItem extends QuickPickItem {
  readonly format: ExportFormat;
  readonly language: string;
}

const formats = (): readonly FormatItem[] => [
  { label: labels.exportMarkdown(), detail: labels.exportMarkdownDetail(), format: 'markdown', language: 'markdown' },
  { label: labels.exportText(), detail: labels.exportTextDetail(), format: 'text', language: 'plaintext' },
  { label: 'ftrace', detail: labels.exportFtraceDetail(), format: 'ftrace', language: 'plaintext' },
  { label: labels.exportChrome(), detail: labels.exportChromeDetail(), format: 'chrome', language: 'json' },
  { label: labels.exportProfile(), detail: labels.exportProfileDetail(), format: 'cpuprofile', language: 'json' },
  { label: 'JSON', detail: labels.exportJsonDetail(), format: 'json', language: 'json' },
];

export function activate(context: FeatureContext): Disposable {
  return commands.registerCommand('daxtrace.exportTrace', async (given?: ExportFormat) => {
    const { last } = context.runner;
    if (last === undefined) {
      await commands.executeCommand('daxtrace.traceMemoryFailure');
      return;
    }
    const chosen =
      formats().find((item) => item.format === given) ??
      (await window.showQuickPick(formats(), { ...staysOpen, placeHolder: labels.pickFormat() }));
    if (chosen === undefined) return;
    const content = await context.engine.call('export', { result: last.result, format: chosen.format });
    await showUntitled(content, chosen.language);
  });
}
