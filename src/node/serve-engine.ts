// The worker's end of the channel: answers the engine's methods over the parent port; the engine itself is handed in.
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../base/assert.ts';
import { Channel, type Handlers, type Wire } from '../base/channel.ts';
import type { EngineApi, EngineListenerApi } from '../protocol/worker.ts';

/** What an engine may use of its surroundings. */
export interface EngineHost {
  /** Folder with the wasm grammar and the queries. */
  readonly grammars: string;
  readonly ripgrep?: string;
  /** True when the call with this ticket should stop. */
  readonly cancelled: (ticket: number) => boolean;
  /** Tells the user what is going on. */
  readonly progress: (phase: string) => void;
}

interface Setup {
  readonly grammars: string;
  readonly ripgrep?: string;
  readonly cancel: SharedArrayBuffer;
}

/** Serves until the worker is terminated. Requests are answered one after another, in order. */
export function serveEngine(create: (host: EngineHost) => Handlers<EngineApi>): void {
  const port = parentPort;
  invariant(port, 'serveEngine runs in a worker only');
  const setup = workerData as Setup;
  const cancel = new Int32Array(setup.cancel);
  const handlers = create({
    grammars: setup.grammars,
    ...(setup.ripgrep === undefined ? {} : { ripgrep: setup.ripgrep }),
    cancelled: (ticket) => Atomics.load(cancel, 0) >= ticket,
    progress: (phase) => {
      void channel.call('progress', { phase });
    },
  });
  const channel = new Channel<EngineApi, EngineListenerApi>((message) => {
    port.postMessage(message);
  }, handlers);
  port.on('message', (message: Wire) => {
    channel.receive(message);
  });
}
