/** Server-sent events, gone on with behind the last one that had an id. */
import type { Positioned, ReplayableSource } from '../../dsl/dataset.ts';
import { LineCutter } from '../data/files/line-cutter.ts';
import { paused, stoppable } from '../data/live/stoppable.ts';
import type { DecodeOptions } from './decoding.ts';
import { decoded } from './decoding.ts';
import { isLasting, lasting, passing } from './failures.ts';
import { failed } from './http-lines.ts';
import type { RetryOptions } from './retries.ts';
import { Retries } from './retries.ts';

export interface ServerSentEventsOptions<T> extends RetryOptions, DecodeOptions<T> {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Which events are rows. Default `message`, as those are that have no name. */
  readonly event?: string | undefined;
}

/**
 * Rows of a stream of server-sent events (WHATWG HTML, section 9.2). The position is the id of the last event, which the server is asked
 * to go on behind (`Last-Event-ID`), after a broken connection as after a crash: nothing is lost or repeated where it gives
 * each event an id and does so; events without one come again.
 *
 * ```ts
 * from({ price: float }, serverSentEvents('https://example.org/prices')).batch(64, { within: 1000 })
 * ```
 */
export function serverSentEvents<T extends object>(
  url: URL | string,
  options: ServerSentEventsOptions<T> = {},
): ReplayableSource<T, string> {
  return {
    open: (from) =>
      stoppable(async function* (signal): AsyncGenerator<Positioned<T, string>> {
        const stream: Stream = { id: from ?? '', wait: 0 };
        const retries = new Retries(options);
        while (!signal.aborted) {
          try {
            for await (const data of eventsFrom(url, stream, options, signal)) {
              retries.succeeded();
              const row = decoded(Buffer.from(data), options);
              yield { row, position: stream.id, place: `event ${stream.id || '(without id)'} of ${url}` };
            }
            // The server has closed the connection, which asks for another one.
            await retries.failed(passing(`${url} closes the connection`), signal);
            await paused(stream.wait, signal);
          } catch (error) {
            if (signal.aborted) return;
            if (isLasting(error)) throw error;
            await retries.failed(error, signal);
          }
        }
      }),
  };
}

/** What lasts from one connection to the next. */
interface Stream {
  id: string;
  /** Milliseconds that the server asks to be left alone for. */
  wait: number;
}

async function* eventsFrom<T>(
  url: URL | string,
  stream: Stream,
  { headers, event: wanted = 'message' }: ServerSentEventsOptions<T>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const response = await fetch(url, {
    headers: {
      accept: 'text/event-stream',
      ...headers,
      ...(stream.id !== '' && { 'last-event-id': stream.id }),
    },
    signal,
  });
  if (response.status === 204) throw lasting(`${url} has no more events`);
  if (!response.ok) throw failed(response, url);
  const cutter = new LineCutter();
  let data: string[] = [];
  let name = '';
  let id = stream.id;
  for await (const piece of response.body ?? []) {
    for (const { text } of cutter.cut(Buffer.from(piece))) {
      const line = text.replace(/\r?\n$/, '');
      if (line === '') {
        stream.id = id;
        if (data.length > 0 && (name || 'message') === wanted) yield data.join('\n');
        data = [];
        name = '';
        continue;
      }
      const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
      if (field === 'data') data.push(value);
      else if (field === 'event') name = value;
      else if (field === 'id' && !value.includes('\0')) id = value;
      else if (field === 'retry' && /^\d+$/.test(value)) stream.wait = Number(value);
    }
  }
}
