// One worker that runs the engine: starts it when asked, restarts it after a crash, ends it when idle.
import { Worker } from 'node:worker_threads';
import type { CancellationToken, Disposable } from 'vscode';
import { Channel, ChannelClosed, type ParamsOf, type ResultOf, type Wire } from '../base/channel.ts';
import type { EngineApi, EngineListenerApi, OpenRequest } from '../protocol/worker.ts';

/** What the worker gets at its start. */
export interface WorkerSetup {
  readonly grammars: string;
  /** VS Code's own ripgrep, when it was found. */
  readonly ripgrep?: string;
  /** One Int32: calls with a ticket up to this number should stop. */
  readonly cancel: SharedArrayBuffer;
}

export interface WorkerOptions {
  readonly worker: string;
  readonly grammars: string;
  readonly ripgrep: string | undefined;
  readonly log: (line: string) => void;
  /** Every edited text, for a fresh worker. */
  readonly allEdits: () => Readonly<Record<string, string | null>>;
}

export interface CallOptions {
  /** The user's Cancel: the worker is ended when it does not stop by itself. */
  readonly token?: CancellationToken;
  /** The answer is outdated: the worker is asked to stop, but keeps what it has loaded. */
  readonly outdated?: CancellationToken;
  readonly progress?: (phase: string) => void;
}

/** A worker that nobody used for this long is ended; its memory goes back. */
const idleMs = 10 * 60_000;
/** A cancelled call has this long to stop by itself before the worker is ended. */
const graceMs = 1_500;

/**
 * A small young generation: 100 MB less for the whole worker, at no measurable cost in time.
 * The limit of the old one also says how much garbage may wait: V8 lets a heap grow by a smaller factor below 1 GB.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 768 };

interface Running {
  readonly worker: Worker;
  readonly channel: Channel<EngineListenerApi, EngineApi>;
  readonly cancel: Int32Array;
}

/** The user cancelled; nothing to show. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** A trace carries its ticket, so that the worker knows whether it is the one to stop. */
function withTicket<T>(params: T, ticket: number): T {
  return typeof params === 'object' && params !== null && 'scenario' in params ? { ...params, ticket } : params;
}

const wasCancelled = (token: CancellationToken | undefined): boolean => token?.isCancellationRequested === true;

/** The engine behind a channel. All methods may be called at any time. */
export class EngineWorker implements Disposable {
  private readonly options: WorkerOptions;
  private readonly name: string;
  private running: Running | undefined;
  private opened: OpenRequest | undefined;
  private idle: NodeJS.Timeout | undefined;
  private calls = 0;
  private lastTicket = 0;
  private progress: ((phase: string) => void) | undefined;

  /** `name` is what debuggers show. */
  constructor(name: string, options: WorkerOptions) {
    this.name = name;
    this.options = options;
  }

  /** Chooses the tree of all later calls. Does not start the worker. */
  open(request: OpenRequest): void {
    if (this.opened?.root === request.root && this.opened.config === request.config) return;
    this.opened = request;
    if (this.running !== undefined) void this.running.channel.call('open', request).catch(() => undefined);
  }

  /** Hands over edits; a worker that does not run yet gets all of them when it starts. */
  edit(texts: Readonly<Record<string, string | null>>): void {
    if (this.running !== undefined) void this.running.channel.call('edit', { texts }).catch(() => undefined);
  }

  /** Rejects with Cancelled, with RemoteError when the engine has a bug, with ChannelClosed when the worker died. */
  async call<K extends keyof EngineApi>(
    method: K,
    params: ParamsOf<EngineApi, K>,
    { token, outdated, progress }: CallOptions = {},
  ): Promise<ResultOf<EngineApi, K>> {
    if (wasCancelled(token)) throw new Cancelled();
    const running = this.running ?? this.start();
    clearTimeout(this.idle);
    this.calls++;
    if (progress !== undefined) this.progress = progress;
    const ticket = ++this.lastTicket;
    let grace: NodeJS.Timeout | undefined;
    const ask = (): void => {
      Atomics.store(running.cancel, 0, ticket);
    };
    const watches = [
      outdated?.onCancellationRequested(ask),
      token?.onCancellationRequested(() => {
        ask();
        grace = setTimeout(() => {
          this.stop(running, 'cancelled');
        }, graceMs);
      }),
    ];
    try {
      return await running.channel.call(method, withTicket(params, ticket));
    } catch (error) {
      if (error instanceof ChannelClosed && wasCancelled(token)) throw new Cancelled();
      throw error;
    } finally {
      for (const watch of watches) watch?.dispose();
      clearTimeout(grace);
      if (this.progress === progress) this.progress = undefined;
      if (--this.calls === 0) {
        this.idle = setTimeout(() => {
          if (this.running !== undefined && this.calls === 0) this.stop(this.running, 'idle');
        }, idleMs);
      }
    }
  }

  /** Ends the worker; the next call starts a fresh one. */
  restart(): void {
    if (this.running !== undefined) this.stop(this.running, 'restarted');
  }

  dispose(): void {
    clearTimeout(this.idle);
    if (this.running !== undefined) this.stop(this.running, 'the extension ends');
  }

  private start(): Running {
    const cancel = new SharedArrayBuffer(4);
    const { grammars, ripgrep } = this.options;
    const workerData: WorkerSetup = { grammars, cancel, ...(ripgrep === undefined ? {} : { ripgrep }) };
    const worker = new Worker(this.options.worker, { workerData, execArgv: [], name: this.name, resourceLimits });
    const channel = new Channel<EngineListenerApi, EngineApi>(
      (message) => {
        worker.postMessage(message);
      },
      {
        progress: ({ phase }) => {
          this.progress?.(phase);
          return null;
        },
      },
    );
    const running: Running = { worker, channel, cancel: new Int32Array(cancel) };
    worker.on('message', (message: Wire) => {
      channel.receive(message);
    });
    worker.on('error', (error) => {
      this.options.log(`engine: ${error.stack ?? error.message}`);
      this.stop(running, error.message);
    });
    worker.on('exit', (code) => {
      this.stop(running, `the engine ended with code ${code}`);
    });
    this.running = running;
    if (this.opened !== undefined) void channel.call('open', this.opened).catch(() => undefined);
    const texts = this.options.allEdits();
    if (Object.keys(texts).length > 0) void channel.call('edit', { texts }).catch(() => undefined);
    return running;
  }

  private stop(running: Running, why: string): void {
    if (this.running === running) this.running = undefined;
    running.channel.close(why);
    void running.worker.terminate();
  }
}
