/** Messages of a WebSocket: pushed, so the edge says what happens when they come too fast. */
import type { Subscribable } from '../../dsl/dataset.ts';
import type { BadRow } from '../../dsl/row-options.ts';
import { peer } from '../data/peer.ts';
import type { DecodeOptions } from './decoding.ts';
import { decoded } from './decoding.ts';
import { passing } from './failures.ts';
import type { RetryOptions } from './retries.ts';
import { Retries } from './retries.ts';

export interface WebSocketOptions<T> extends RetryOptions, DecodeOptions<T> {
  readonly protocols?: string | readonly string[] | undefined;
  /** Sent whenever a connection is made, such as the names of what is to be told of. */
  readonly greeting?: string | undefined;
}

/** What is used of a WebSocket, of a browser's make or of the package ws. */
interface Socket {
  binaryType: string;
  addEventListener(type: 'open' | 'close', listener: (event: { readonly code?: number }) => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'error', listener: (event: { readonly message?: string }) => void): void;
  send(text: string): void;
  close(): void;
}

type SocketClass = new (url: string, protocols?: string | readonly string[]) => Socket;

/**
 * Rows of a WebSocket's messages. Needs Node 22, or the package `ws`. A WebSocket can be asked for nothing again: what comes while nobody is connected
 * is lost; what has come is not, with `overflow: spool(directory)`.
 *
 * ```ts
 * from({ price: float }, webSocket('wss://example.org/prices'), { overflow: 'dropOldest' })
 * ```
 */
export function webSocket<T extends object>(
  url: URL | string,
  options: WebSocketOptions<T> = {},
): Subscribable<T | BadRow> {
  return {
    subscribe(observer) {
      const stop = new AbortController();
      listen(url, options, (row) => observer.next(row), stop).catch((error: unknown) => {
        if (!stop.signal.aborted) observer.error(error);
      });
      return { unsubscribe: () => stop.abort() };
    },
  };
}

/** Connects again and again, until it has failed too often in a row. */
async function listen<T>(
  url: URL | string,
  options: WebSocketOptions<T>,
  next: (row: T | BadRow) => void,
  { signal }: AbortController,
): Promise<void> {
  const Maker = await socketClass();
  const retries = new Retries(options);
  while (!signal.aborted) {
    const why = await connection(new Maker(String(url), options.protocols ?? []), options, signal, (data) => {
      retries.succeeded();
      next(decoded(bytesOf(data), options));
    });
    await retries.failed(passing(`${url}: ${why}`), signal);
  }
}

/** Resolves when the connection has ended, with what ended it. */
function connection<T>(
  socket: Socket,
  { greeting }: WebSocketOptions<T>,
  signal: AbortSignal,
  onMessage: (data: unknown) => void,
): Promise<string> {
  return new Promise((resolve) => {
    let why = '';
    const close = (): void => socket.close();
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => greeting !== undefined && socket.send(greeting));
    socket.addEventListener('message', ({ data }) => onMessage(data));
    socket.addEventListener('error', ({ message }) => {
      why = message ?? 'the connection fails';
    });
    socket.addEventListener('close', ({ code }) => {
      signal.removeEventListener('abort', close);
      resolve(why || `the connection is closed (${code ?? 'without a code'})`);
    });
    signal.addEventListener('abort', close);
    if (signal.aborted) close();
  });
}

function bytesOf(data: unknown): Uint8Array {
  return data instanceof ArrayBuffer ? new Uint8Array(data) : Buffer.from(String(data));
}

async function socketClass(): Promise<SocketClass> {
  const { WebSocket } = globalThis as { readonly WebSocket?: SocketClass };
  return WebSocket ?? (await peer<{ readonly WebSocket: SocketClass }>('ws', 'webSocket')).WebSocket;
}
