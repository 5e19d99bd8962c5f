/** A stream of Redis, gone on with from any entry. */
import { saying } from '../../compiler/diagnostics/because.ts';
import type { Positioned, ReplayableSource } from '../../dsl/dataset.ts';
import { BadRow } from '../../dsl/row-options.ts';
import { stoppable } from '../data/live/stoppable.ts';
import { peer } from '../data/peer.ts';
import { isLasting, lasting } from './failures.ts';
import type { RetryOptions } from './retries.ts';
import { Retries } from './retries.ts';

export interface RedisOptions<T> extends RetryOptions {
  /** Default `redis://127.0.0.1:6379`. */
  readonly url?: string | undefined;
  /** The key of the stream. */
  readonly stream: string;
  /** The field that holds a row as JSON. Default: each field is a column, as JSON where it is such, else as text. */
  readonly field?: string | undefined;
  /** Makes a row of the fields of an entry, instead. */
  readonly decode?: ((fields: Readonly<Record<string, string>>) => T) | undefined;
  /**
   * The name of a consumer group that is told how far rows have taken effect, for whoever watches or shares the stream. Default: none; the position
   * in the checkpoint is enough.
   */
  readonly group?: string | undefined;
  /** Removes entries that have taken effect for good. Default false. */
  readonly trim?: boolean | undefined;
}

interface Client {
  connect(): Promise<unknown>;
  destroy(): void;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  sendCommand(args: readonly string[]): Promise<unknown>;
}

interface Redis {
  createClient(settings: object): Client;
}

export interface RedisPosition {
  /** Of the last entry. */
  readonly id: string;
  /** How many entries of the stream there were up to it, those that are gone too. */
  readonly read: number;
}

interface Entry {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Rows of a Redis stream. The position is the id of the last entry, so a run that is resumed loses and repeats nothing. Needs the package `redis` and
 * Redis 5 or newer. Entries that were removed before they were read are a failure (DAT713) where the server knows of them (7 or newer).
 *
 * ```ts
 * from({ age: float, bought: bool }, redisStream({ stream: 'clicks', field: 'json' }))
 * ```
 */
export function redisStream<T extends object>(options: RedisOptions<T>): ReplayableSource<T, RedisPosition> {
  const { stream, group, trim = false } = options;
  return {
    open: (from) =>
      stoppable(async function* (signal): AsyncGenerator<Positioned<T, RedisPosition>> {
        let position = from;
        const retries = new Retries(options);
        while (!signal.aborted) {
          let client: Client | undefined;
          const leave = (): void => client?.destroy();
          try {
            client = await connect(options);
            signal.addEventListener('abort', leave);
            if (position) await refuseGap(client, stream, position);
            else position = { id: '0-0', read: lost(await factsOf(client, stream)) };
            while (!signal.aborted) {
              const entries = await entriesAfter(client, stream, position.id);
              retries.succeeded();
              for (const { id, fields } of entries) {
                position = { id, read: position.read + 1 };
                yield { row: rowOf(fields, options), position, place: `entry ${id} of the stream ${stream}` };
              }
            }
          } catch (error) {
            if (signal.aborted) return;
            if (isLasting(error) || isRefusal(error)) throw error;
            await retries.failed(error, signal);
          } finally {
            signal.removeEventListener('abort', leave);
            if (!signal.aborted) leave();
          }
        }
      }),
    async acknowledge({ id }) {
      if (group === undefined && !trim) return;
      const client = await connect(options);
      try {
        if (group !== undefined) await tell(client, stream, group, id);
        if (trim) await client.sendCommand(['XTRIM', stream, 'MINID', after(id)]);
      } finally {
        client.destroy();
      }
    },
  };
}

async function connect<T>({ url = 'redis://127.0.0.1:6379' }: RedisOptions<T>): Promise<Client> {
  const { createClient } = await peer<Redis>('redis', 'redisStream');
  // Whoever reads decides whether to connect again, and from where.
  const client = createClient({ url, socket: { reconnectStrategy: false }, RESP: 2 });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Waits a while for the first of them. */
async function entriesAfter(client: Client, stream: string, position: string): Promise<readonly Entry[]> {
  const reply = await client.sendCommand([
    'XREAD',
    'COUNT',
    '256',
    'BLOCK',
    '5000',
    'STREAMS',
    stream,
    position,
  ]);
  if (!Array.isArray(reply)) return [];
  const [[, entries]] = reply as [[unknown, [string, string[]][]]];
  return entries.map(([id, flat]) => {
    const fields: Record<string, string> = {};
    for (let at = 0; at + 1 < flat.length; at += 2) fields[String(flat[at])] = String(flat[at + 1]);
    return { id, fields };
  });
}

/** The group stands where the checkpoint does, and has nothing pending. */
async function tell(client: Client, stream: string, group: string, position: string): Promise<void> {
  try {
    await client.sendCommand(['XGROUP', 'CREATE', stream, group, position]);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
    await client.sendCommand(['XGROUP', 'SETID', stream, group, position]);
  }
}

/** What the server says of its stream: nothing before version 7. */
async function factsOf(client: Client, stream: string): Promise<ReadonlyMap<string, string>> {
  const reply = await client.sendCommand(['XINFO', 'STREAM', stream]).catch(() => []);
  const facts = new Map<string, string>();
  if (!Array.isArray(reply)) return facts;
  for (let at = 0; at + 1 < reply.length; at += 2) facts.set(String(reply[at]), String(reply[at + 1]));
  return facts;
}

/** How many entries the stream has lost since it was made. */
function lost(facts: ReadonlyMap<string, string>): number {
  return Number(facts.get('entries-added') ?? 0) - Number(facts.get('length') ?? 0);
}

/** Where more are gone than were read, or a later one, some were never read. */
async function refuseGap(client: Client, stream: string, { id, read }: RedisPosition): Promise<void> {
  const facts = await factsOf(client, stream);
  const deleted = facts.get('max-deleted-entry-id') ?? '0-0';
  if (!isAfter(deleted, id) && lost(facts) <= read) return;
  throw lasting(
    `entries of the stream ${stream} after ${id} are gone: they were removed before they were read`,
  );
}

function partsOf(id: string): readonly [bigint, bigint] {
  const [time = '0', number = '0'] = id.split('-');
  return [BigInt(time), BigInt(number)];
}

function isAfter(id: string, other: string): boolean {
  const [time, number] = partsOf(id);
  const [otherTime, otherNumber] = partsOf(other);
  return time === otherTime ? number > otherNumber : time > otherTime;
}

/** The least id behind this one. */
function after(id: string): string {
  const [time, number] = partsOf(id);
  return `${time}-${number + 1n}`;
}

/** What the server itself says no to would be said again. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && /^(WRONGTYPE|NOAUTH|NOPERM|WRONGPASS|ERR) /.test(error.message);
}

function rowOf<T>(fields: Readonly<Record<string, string>>, { decode, field }: RedisOptions<T>): T | BadRow {
  try {
    if (decode) return decode(fields);
    if (field !== undefined) return JSON.parse(fields[field] ?? '') as T;
  } catch (error) {
    return new BadRow(fields, `the entry cannot be made out: ${saying(error)}`);
  }
  const values = Object.entries(fields).map(([name, text]) => [name, valueOf(text)]);
  return Object.fromEntries(values) as T;
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
