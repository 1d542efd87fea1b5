// What every panel of the extension shares: its page, typed messages both ways, and the release of what it holds.
import { ViewColumn, window, type WebviewPanel } from 'vscode';
import { DisposableStore } from './disposable.ts';
import type { FeatureContext } from './feature.ts';
import { pageOf, pageOptions, type PageName } from './page.ts';

/** One webview; `To` goes to the page, `From` comes from it. */
export abstract class Panel<To, From> {
  protected readonly store = new DisposableStore();
  protected readonly context: FeatureContext;
  private readonly panel: WebviewPanel;

  constructor(context: FeatureContext, panel: WebviewPanel, page: PageName, title: string) {
    this.context = context;
    this.panel = panel;
    panel.webview.options = pageOptions(context.extension);
    this.store.add(
      panel.webview.onDidReceiveMessage((message: From) => {
        void this.receive(message);
      }),
    );
    this.store.add(
      panel.onDidDispose(() => {
        this.dispose();
      }),
    );
    panel.webview.html = pageOf(context.extension, panel.webview, page, title);
  }

  /** Brings the panel to the front without taking the focus; beside the text that is being read rather than over it. */
  reveal(): void {
    const { visible, viewColumn } = this.panel;
    if (visible) return;
    const isOverText = viewColumn !== undefined && window.activeTextEditor?.viewColumn === viewColumn;
    this.panel.reveal(isOverText ? ViewColumn.Beside : undefined, true);
  }

  dispose(): void {
    this.store.dispose();
  }

  /** False while another tab hides it. */
  get visible(): boolean {
    return this.panel.visible;
  }

  protected post(message: To): void {
    void this.panel.webview.postMessage(message);
  }

  protected abstract receive(message: From): Promise<void>;
}
