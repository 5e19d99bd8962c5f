/** JSON lines over HTTP, gone on with from any byte. */
import type { Positioned, ReplayableSource } from '../../dsl/dataset.ts';
import { BadRow } from '../../dsl/row-options.ts';
import { jsonRow } from '../data/files/json-lines-format.ts';
import { LineCutter } from '../data/files/line-cutter.ts';
import { stoppable } from '../data/live/stoppable.ts';
import { isLasting, lasting, passing } from './failures.ts';
import type { RetryOptions } from './retries.ts';
import { Retries } from './retries.ts';

export interface HttpLinesOptions extends RetryOptions {
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface HttpPosition {
  readonly offset: number;
  readonly line: number;
  /** What the server called this version of the resource. */
  readonly etag: string | undefined;
}

/**
 * Rows of a resource of JSON lines. A connection that breaks is taken up where it broke, as is a run, by a request for the bytes
 * from there on; a server that knows no ranges sends all, of which the first bytes are passed over. A resource that has
 * changed meanwhile (another `ETag`) is refused.
 *
 * ```ts
 * from({ age: float, bought: bool }, httpLines('https://example.org/clicks.jsonl'))
 * ```
 */
export function httpLines<T extends object>(
  url: URL | string,
  options: HttpLinesOptions = {},
): ReplayableSource<T, HttpPosition> {
  return {
    open: (from) =>
      stoppable(async function* (signal): AsyncGenerator<Positioned<T, HttpPosition>> {
        let position: HttpPosition = from ?? { offset: 0, line: 1, etag: undefined };
        const retries = new Retries(options);
        for (;;) {
          try {
            for await (const row of rowsFrom<T>(url, position, options, signal)) {
              position = row.position;
              retries.succeeded();
              yield row;
            }
            return;
          } catch (error) {
            if (signal.aborted) return;
            if (isLasting(error)) throw error;
            await retries.failed(error, signal);
          }
        }
      }),
  };
}

async function* rowsFrom<T extends object>(
  url: URL | string,
  { offset, line, etag }: HttpPosition,
  { headers }: HttpLinesOptions,
  signal: AbortSignal,
): AsyncGenerator<Positioned<T, HttpPosition>> {
  const response = await fetch(url, {
    headers: {
      // Offsets are those of the resource, not of a packed form of it.
      'accept-encoding': 'identity',
      ...headers,
      ...(offset > 0 && { range: `bytes=${offset}-` }),
    },
    signal,
  });
  // All of it was read before.
  if (response.status === 416 && offset > 0) return;
  if (!response.ok) throw failed(response, url);
  const version = response.headers.get('etag') ?? undefined;
  if (etag !== undefined && version !== etag) {
    throw lasting(`${url} has changed since it was read: its ETag was ${etag}, and is ${version}`);
  }
  let skip = response.status === 206 ? 0 : offset;
  const cutter = new LineCutter(offset, line);
  for await (const piece of response.body ?? []) {
    const bytes = Buffer.from(piece).subarray(Math.min(skip, piece.length));
    skip -= Math.min(skip, piece.length);
    for (const each of cutter.cut(bytes)) yield* rowOf<T>(each, url, version);
  }
  const last = cutter.last();
  if (last) yield* rowOf<T>(last, url, version);
}

function* rowOf<T extends object>(
  { text, end, number }: { readonly text: string; readonly end: number; readonly number: number },
  url: URL | string,
  etag: string | undefined,
): Generator<Positioned<T, HttpPosition>> {
  const trimmed = text.trim();
  if (trimmed === '') return;
  const row =
    (jsonRow(trimmed, undefined) as T | undefined) ?? new BadRow(trimmed, 'the line is not a JSON object');
  yield { row, position: { offset: end, line: number + 1, etag }, place: `${url}:${number}` };
}

/** A server that has a bad moment is asked again; one that refuses is not. */
export function failed(response: Response, url: URL | string): Error {
  const message = `${url} answers ${response.status} ${response.statusText}`;
  const isPassing = response.status >= 500 || response.status === 408 || response.status === 429;
  return isPassing ? passing(message) : lasting(message);
}
