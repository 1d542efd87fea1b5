// The trace panel: one per window, follows the runner, survives a reload.
import { commands, ViewColumn, window, type WebviewPanel } from 'vscode';
import type { FromTracePanel, ToTracePanel, TracePanelState } from '../protocol/panel.ts';
import { DisposableStore } from './disposable.ts';
import type { FeatureContext } from './feature.ts';
import { labels } from './messages.ts';
import { openPlace } from './navigation.ts';
import { pageOptions } from './page.ts';
import { Panel } from './panel.ts';
import { readSettings } from './settings.ts';
import { traceView } from './view/trace-view.ts';

const viewType = 'daxtrace.trace';

let open: TracePanel | undefined;

class TracePanel extends Panel<ToTracePanel, FromTracePanel> {
  constructor(context: FeatureContext, panel: WebviewPanel) {
    super(context, panel, 'trace', labels.tracePanel());
    const { runner } = context;
    this.store.add(
      runner.onDidFinish(() => {
        this.showResult();
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

  private showResult(): void {
    const { last } = this.context.runner;
    if (last === undefined) return;
    const { result, tree, edited, scenario, focus } = last;
    this.post({
      kind: 'result',
      view: traceView(result, tree),
      edited,
      scenario,
      ...(focus === undefined ? {} : { focus }),
    });
  }

  protected async receive(message: FromTracePanel): Promise<void> {
    const { runner } = this.context;
    switch (message.kind) {
      case 'ready':
        this.showResult();
        this.post({ kind: 'status', status: runner.status });
        return;
      case 'open':
        await openPlace(this.context, message.at, true);
        return;
      case 'rerun':
        await commands.executeCommand('daxtrace.traceAgain');
        return;
      case 'pick-scenario':
        await commands.executeCommand('daxtrace.traceMemoryFailure');
        return;
      case 'show-graph':
        await commands.executeCommand('daxtrace.showCallGraph');
        return;
      case 'export':
        await commands.executeCommand('daxtrace.exportTrace');
        return;
    }
  }
}

/** Shows the panel beside the editor without taking the focus from it. */
export function showTracePanel(context: FeatureContext): void {
  if (open !== undefined) {
    open.reveal();
    return;
  }
  const panel = window.createWebviewPanel(
    viewType,
    labels.tracePanel(),
    { viewColumn: ViewColumn.Beside, preserveFocus: true },
    { ...pageOptions(context.extension), enableFindWidget: true },
  );
  open = new TracePanel(context, panel);
}

export function activate(context: FeatureContext): DisposableStore {
  context.runner.follow(() => open !== undefined && readSettings().traceOnEdit);
  const store = new DisposableStore();
  store.add({ dispose: () => open?.dispose() });
  store.add(
    window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state: TracePanelState | undefined) => {
        open = new TracePanel(context, panel);
        // The page shows what it kept; the answer may have changed since.
        if (state !== undefined && context.trees.current !== undefined) void context.runner.run(state.scenario);
        else if (state === undefined) panel.dispose();
        await Promise.resolve();
      },
    }),
  );
  store.add(
    context.runner.onDidChangeStatus((status) => {
      if (status.kind === 'failed' && open === undefined) void window.showWarningMessage(status.message);
    }),
  );
  return store;
}
