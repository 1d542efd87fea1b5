// The only door between a webview and its host: typed messages and the state that survives a reload.

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** One bridge per webview; VS Code hands the API out once. */
export class Bridge<To, From, State> {
  private readonly api = acquireVsCodeApi();

  /** Tells the host something. */
  post(message: From): void {
    this.api.postMessage(message);
  }

  /** Calls back for every message of the host. */
  listen(listener: (message: To) => void): void {
    window.addEventListener('message', (event: MessageEvent<To>) => {
      listener(event.data);
    });
  }

  /** What the previous page of this panel kept, or undefined. */
  get state(): State | undefined {
    return this.api.getState() as State | undefined;
  }

  keep(state: State): void {
    this.api.setState(state);
  }
}
