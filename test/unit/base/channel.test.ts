import { describe, expect, it } from 'vitest';
import { Channel, ChannelClosed, RemoteError, type Wire } from '../../../src/base/channel.ts';

interface Adder {
  add(params: { a: number; b: number }): number;
  fail(params: null): never;
}
interface Nothing {
  ping(params: null): string;
}

function pair(): { left: Channel<Nothing, Adder>; right: Channel<Adder, Nothing> } {
  const left: Channel<Nothing, Adder> = new Channel<Nothing, Adder>(
    (message: Wire) => {
      queueMicrotask(() => right.receive(structuredClone(message)));
    },
    { ping: () => 'pong' },
  );
  const right: Channel<Adder, Nothing> = new Channel<Adder, Nothing>(
    (message: Wire) => {
      queueMicrotask(() => left.receive(structuredClone(message)));
    },
    {
      add: ({ a, b }) => a + b,
      fail: () => {
        throw new RangeError('too far');
      },
    },
  );
  return { left, right };
}

describe('channel', () => {
  it('answers requests in both directions', async () => {
    const { left, right } = pair();
    expect(await left.call('add', { a: 2, b: 3 })).toBe(5);
    expect(await right.call('ping', null)).toBe('pong');
  });

  it('answers a throwing handler with the name and message of its error', async () => {
    const { left } = pair();
    const failure = await left.call('fail', null).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RemoteError);
    expect(failure).toMatchObject({ name: 'RangeError', message: 'too far' });
  });

  it('answers a method that nobody has', async () => {
    const { left } = pair();
    await expect(left.call('toString' as 'add', { a: 1, b: 1 })).rejects.toThrow('nobody answers toString');
  });

  it('rejects what waits when it is closed, and everything after', async () => {
    const { left } = pair();
    const waiting = left.call('add', { a: 1, b: 1 });
    left.close('gone');
    await expect(waiting).rejects.toThrow(ChannelClosed);
    await expect(left.call('add', { a: 1, b: 1 })).rejects.toThrow('gone');
  });
});
