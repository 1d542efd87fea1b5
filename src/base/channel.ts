// Typed requests and answers over any message port; every request is answered, with a value or with an error.
import { Bug } from './assert.ts';

/** A table of methods: one parameter object in, one JSON-able value out. */
export type Methods<T> = { readonly [K in keyof T]: (params: never) => unknown };
export type ParamsOf<T, K extends keyof T> = T[K] extends (params: infer P) => unknown ? P : never;
export type ResultOf<T, K extends keyof T> = T[K] extends (params: never) => infer R ? Awaited<R> : never;
/** What a side must implement: the same methods, allowed to answer later. */
export type Handlers<T> = {
  readonly [K in keyof T]: (params: ParamsOf<T, K>) => ResultOf<T, K> | Promise<ResultOf<T, K>>;
};

/** What crosses the port; JSON only, so 64-bit values travel as text. */
export type Wire =
  | { readonly kind: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | {
      readonly kind: 'failure';
      readonly id: number;
      readonly name: string;
      readonly message: string;
      readonly stack?: string;
    };

/** The other side threw; `name` is the name of its error class. */
export class RemoteError extends Error {
  override readonly name: string;
  /** Stack of the other side, for the log only. */
  readonly remoteStack: string | undefined;

  constructor(name: string, message: string, remoteStack: string | undefined) {
    super(message);
    this.name = name;
    this.remoteStack = remoteStack;
  }
}

/** The port is gone before the answer came. */
export class ChannelClosed extends Error {
  override readonly name = 'ChannelClosed';
}

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

/** One end of a port: answers `Mine`, calls `Theirs`. The owner feeds `receive` and supplies `post`. */
export class Channel<Mine extends Methods<Mine>, Theirs extends Methods<Theirs>> {
  private readonly waiting = new Map<number, Waiting>();
  private readonly post: (message: Wire) => void;
  private readonly handlers: Handlers<Mine>;
  private lastId = 0;
  private closed: string | undefined;

  constructor(post: (message: Wire) => void, handlers: Handlers<Mine>) {
    this.post = post;
    this.handlers = handlers;
  }

  /** Rejects with RemoteError when the other side threw, with ChannelClosed when it went away. */
  call<K extends keyof Theirs & string>(method: K, params: ParamsOf<Theirs, K>): Promise<ResultOf<Theirs, K>> {
    if (this.closed !== undefined) return Promise.reject(new ChannelClosed(this.closed));
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, {
        resolve: (value) => {
          resolve(value as ResultOf<Theirs, K>);
        },
        reject,
      });
      this.post({ kind: 'request', id, method, params });
    });
  }

  /** Hands over one message that arrived at the port. */
  receive(message: Wire): void {
    if (message.kind === 'request') {
      void this.answer(message.id, message.method, message.params);
      return;
    }
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.kind === 'answer') waiting?.resolve(message.value);
    else waiting?.reject(new RemoteError(message.name, message.message, message.stack));
  }

  /** Fails everything that still waits; later calls fail at once. */
  close(reason: string): void {
    this.closed = reason;
    for (const waiting of this.waiting.values()) waiting.reject(new ChannelClosed(reason));
    this.waiting.clear();
  }

  private async answer(id: number, method: string, params: unknown): Promise<void> {
    try {
      const handlers = this.handlers as unknown as Readonly<Record<string, (params: unknown) => unknown>>;
      const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
      if (handler === undefined) throw new Bug(`nobody answers ${method}`);
      this.post({ kind: 'answer', id, value: await handler(params) });
    } catch (error) {
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
      this.post({ kind: 'failure', id, name, message, ...(stack === undefined ? {} : { stack }) });
    }
  }
}
