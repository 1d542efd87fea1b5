// The call graph panel: from memory_failure (or any function) down or up, laid out in the worker.
import { commands, ViewColumn, window, type WebviewPanel } from 'vscode';
import type { GraphRequest } from '../protocol/worker.ts';
import type { FromGraphPanel, GraphPanelState, ToGraphPanel } from '../protocol/panel.ts';
import { DisposableStore } from './disposable.ts';
import type { FeatureContext } from './feature.ts';
import { labels, messages } from './messages.ts';
import { openPlace } from './navigation.ts';
import { pageOptions } from './page.ts';
import { Panel } from './panel.ts';

const viewType = 'daxtrace.callGraph';
const startRequest: GraphRequest = { name: 'memory_failure', depth: 4, callers: false, all: false };

let open: GraphPanel | undefined;

class GraphPanel extends Panel<ToGraphPanel, FromGraphPanel> {
  private ready = false;
  private request: GraphRequest;

  constructor(context: FeatureContext, panel: WebviewPanel, request: GraphRequest) {
    super(context, panel, 'graph', labels.graphPanel());
    this.request = request;
  }

  async show(request: GraphRequest): Promise<void> {
    this.request = request;
    if (!this.ready) return;
    const tree = await this.context.trees.require();
    if (tree === undefined) return;
    this.post({ kind: 'status', status: { kind: 'running', phase: request.name } });
    try {
      const view = await this.context.engine.call(
        'graph',
        { ...request, ran: this.ran() },
        {
          progress: (phase) => {
            this.post({ kind: 'status', status: { kind: 'running', phase } });
          },
        },
      );
      if (this.request === request) this.post({ kind: 'graph', view });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.post({ kind: 'status', status: { kind: 'failed', message: messages['graph.failed'](why) } });
    }
  }

  /** Functions of the last trace, each once. */
  private ran(): readonly string[] {
    const injections = this.context.runner.last?.result.injections ?? [];
    return [...new Set(injections.flatMap(({ calls }) => calls.map((call) => call.function)))];
  }

  override dispose(): void {
    if (open === this) open = undefined;
    super.dispose();
  }

  protected async receive(message: FromGraphPanel): Promise<void> {
    switch (message.kind) {
      case 'ready':
        this.ready = true;
        await this.show(this.request);
        return;
      case 'open':
        await openPlace(this.context, message.at, true);
        return;
      case 'reroot':
        await this.show({ name: message.name, depth: message.depth, callers: message.callers, all: message.all });
        return;
    }
  }
}

export function activate(context: FeatureContext): DisposableStore {
  const store = new DisposableStore();
  store.add({ dispose: () => open?.dispose() });
  store.add(
    commands.registerCommand('daxtrace.showCallGraph', async (given?: Partial<GraphRequest>) => {
      if ((await context.trees.require()) === undefined) return;
      const request: GraphRequest = { ...startRequest, ...(typeof given?.name === 'string' ? given : {}) };
      if (open === undefined) {
        const panel = window.createWebviewPanel(viewType, labels.graphPanel(), ViewColumn.Active, {
          ...pageOptions(context.extension),
          enableFindWidget: true,
        });
        open = new GraphPanel(context, panel, request);
      } else {
        open.reveal();
        await open.show(request);
      }
    }),
  );
  store.add(
    window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state: GraphPanelState | undefined) => {
        open = new GraphPanel(context, panel, state ?? startRequest);
        await Promise.resolve();
      },
    }),
  );
  return store;
}
