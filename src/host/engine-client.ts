// The engine of the extension: two workers, so that a trace never waits for a question about the source text.
import type { Disposable } from 'vscode';
import type { ParamsOf, ResultOf } from '../base/channel.ts';
import type { EngineApi, OpenRequest } from '../protocol/worker.ts';
import { EngineWorker, type CallOptions, type WorkerOptions } from './worker-lane.ts';

export interface EngineOptions extends WorkerOptions {
  /** Edits that the engine has not seen yet; asked before every call. */
  readonly pendingEdits: () => Readonly<Record<string, string | null>>;
}

/** Methods that look at the source view only: a call graph takes seconds. */
const ofSource: ReadonlySet<keyof EngineApi> = new Set<keyof EngineApi>([
  'lenses',
  'hover',
  'graph',
  'functionsAt',
  'slotAt',
  'neighbours',
]);

/** All methods may be called at any time; each worker starts with the first call of one of its methods. */
export class EngineClient implements Disposable {
  private readonly options: EngineOptions;
  private readonly traces: EngineWorker;
  private readonly source: EngineWorker;

  constructor(options: EngineOptions) {
    this.options = options;
    this.traces = new EngineWorker('daxtrace traces', options);
    this.source = new EngineWorker('daxtrace source view', options);
  }

  /** Chooses the tree of all later calls. Does not start a worker. */
  open(request: OpenRequest): void {
    this.traces.open(request);
    this.source.open(request);
  }

  /** Rejects with Cancelled, with RemoteError when the engine has a bug, with ChannelClosed when the worker died. */
  call<K extends keyof EngineApi>(method: K, params: ParamsOf<EngineApi, K>, options: CallOptions = {}): Promise<ResultOf<EngineApi, K>> {
    const edits = this.options.pendingEdits();
    if (Object.keys(edits).length > 0) {
      this.traces.edit(edits);
      this.source.edit(edits);
    }
    return (ofSource.has(method) ? this.source : this.traces).call(method, params, options);
  }

  /** Ends the workers; the next call starts a fresh one. */
  restart(): void {
    this.traces.restart();
    this.source.restart();
  }

  dispose(): void {
    this.traces.dispose();
    this.source.dispose();
  }
}
