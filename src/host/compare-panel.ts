// The comparison panel: follows the runner, copies its table, opens two traces in the diff editor; survives a reload.
import { commands, env, EventEmitter, Uri, ViewColumn, window, workspace, type WebviewPanel } from 'vscode';
import type { ComparePanelState, FromComparePanel, ToComparePanel } from '../protocol/panel.ts';
import type { CompareRunner } from './compare-runner.ts';
import { isAboutEdit } from './compared-sides.ts';
import { DisposableStore } from './disposable.ts';
import type { FeatureContext } from './feature.ts';
import { labels } from './messages.ts';
import { pageOptions } from './page.ts';
import { Panel } from './panel.ts';
import { readSettings } from './settings.ts';

const viewType = 'daxtrace.compare';
const traceScheme = 'daxtrace-trace';

let open: ComparePanel | undefined;

class ComparePanel extends Panel<ToComparePanel, FromComparePanel> {
  private readonly runner: CompareRunner;

  constructor(context: FeatureContext, panel: WebviewPanel, runner: CompareRunner) {
    super(context, panel, 'compare', labels.comparePanel());
    this.runner = runner;
    this.store.add(
      runner.onDidFinish(() => {
        this.showLast();
      }),
    );
    this.store.add(
      runner.onDidChangeStatus((status) => {
        this.post({ kind: 'status', status });
      }),
    );
  }

  override dispose(): void {
    if (open === this) open = undefined;
    super.dispose();
  }

  protected async receive(message: FromComparePanel): Promise<void> {
    const { last, key, status } = this.runner;
    switch (message.kind) {
      case 'ready':
        this.showLast();
        this.post({ kind: 'status', status });
        return;
      case 'rerun':
        if (key !== undefined) await this.runner.run(key);
        return;
      case 'pick':
        await commands.executeCommand(key !== undefined && isAboutEdit(key.sides) ? 'daxtrace.compareEdit' : 'daxtrace.compareDesigns');
        return;
      case 'copy':
        if (last === undefined) return;
        await env.clipboard.writeText(message.as === 'text' ? last.answer.text : last.answer.markdown);
        void window.setStatusBarMessage(labels.copied(), 3000);
        return;
      case 'diff':
        await showTraceDiff(this.runner);
        return;
    }
  }

  private showLast(): void {
    const { last } = this.runner;
    if (last !== undefined) this.post({ kind: 'comparison', view: last.view, key: last.key });
  }
}

/** Opens the two traces side by side in VS Code's own diff editor. */
async function showTraceDiff({ last }: CompareRunner): Promise<void> {
  const [one, two] = last?.view.sides ?? [];
  if (last === undefined || one === undefined || two === undefined) return;
  const uri = (side: number, label: string): Uri => Uri.from({ scheme: traceScheme, path: `/${label}.trace.txt`, query: String(side) });
  await commands.executeCommand('vscode.diff', uri(0, one.label), uri(1, two.label), `${last.view.scenario}: ${one.label} ↔ ${two.label}`);
}

/** Shows the panel beside the editor without taking the focus from it. */
export function showComparePanel(context: FeatureContext, runner: CompareRunner): void {
  if (open !== undefined) {
    open.reveal();
    return;
  }
  const panel = window.createWebviewPanel(
    viewType,
    labels.comparePanel(),
    { viewColumn: ViewColumn.Active, preserveFocus: true },
    { ...pageOptions(context.extension), enableFindWidget: true },
  );
  open = new ComparePanel(context, panel, runner);
}

/** What the panel needs of VS Code for as long as the extension lives. */
export function registerComparePanel(context: FeatureContext, runner: CompareRunner): DisposableStore {
  runner.follow(() => open?.visible === true && readSettings().traceOnEdit);
  const store = new DisposableStore();
  const changed = store.add(new EventEmitter<Uri>());
  store.add({ dispose: () => open?.dispose() });
  store.add(
    workspace.registerTextDocumentContentProvider(traceScheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => runner.last?.answer.traces[Number(uri.query)] ?? '',
    }),
  );
  store.add(
    runner.onDidFinish(() => {
      for (const document of workspace.textDocuments) if (document.uri.scheme === traceScheme) changed.fire(document.uri);
    }),
  );
  store.add(
    window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state: ComparePanelState | undefined) => {
        if (state === undefined) {
          panel.dispose();
          return;
        }
        open = new ComparePanel(context, panel, runner);
        // The page shows what it kept; the answer may have changed since.
        if (context.trees.current !== undefined) void runner.run(state.key);
        await Promise.resolve();
      },
    }),
  );
  store.add(
    runner.onDidChangeStatus((status) => {
      if (status.kind === 'failed' && open === undefined) void window.showWarningMessage(status.message);
    }),
  );
  return store;
}
