/** A queue of RabbitMQ: acknowledged when a checkpoint is durable, told apart by their ids when they are delivered again. */
import type { Positioned, ReplayableSource } from '../../dsl/dataset.ts';
import { stoppable } from '../data/live/stoppable.ts';
import { peer } from '../data/peer.ts';
import type { DecodeOptions } from './decoding.ts';
import { decoded } from './decoding.ts';
import { isLasting, lasting, passing } from './failures.ts';
import type { RetryOptions } from './retries.ts';
import { Retries } from './retries.ts';
import type { TakenPosition } from './taken-messages.ts';
import { TakenMessages } from './taken-messages.ts';

export interface AmqpOptions<T> extends RetryOptions, DecodeOptions<T> {
  /** Default `amqp://127.0.0.1:5672`. */
  readonly url?: string | undefined;
  /** A queue that exists. */
  readonly queue: string;
  /**
   * How many messages may be taken and not yet acknowledged: more than come between two checkpoints, since the broker gives no others. When there are as many and no
   * checkpoint for five minutes, the source fails (DAT713). Default 65,535, the most there is.
   */
  readonly prefetch?: number | undefined;
}

interface Message {
  readonly content: Uint8Array;
  readonly properties: { readonly messageId?: unknown };
}

interface Channel {
  prefetch(count: number): Promise<unknown>;
  consume(queue: string, listener: (message: Message | null) => void): Promise<unknown>;
  ack(message: Message): void;
  close(): Promise<void>;
  on(event: 'error' | 'close', listener: (error?: Error) => void): unknown;
}

interface Connection {
  createChannel(): Promise<Channel>;
  close(): Promise<void>;
  on(event: 'error' | 'close', listener: (error?: Error) => void): unknown;
}

interface Amqp {
  connect(url: string): Promise<Connection>;
}

const patience = 300_000;

/**
 * Rows of a queue of RabbitMQ. Needs the package `amqplib`. Messages are acknowledged when the checkpoint that holds their effect is durable; those that
 * are delivered again and are in the model are known by their `messageId` and passed over: with ids, each has its effect
 * once; without, at least once.
 *
 * ```ts
 * from({ age: float, bought: bool }, amqpQueue({ queue: 'clicks' })).batch(64, { within: 1000 })
 * ```
 */
export function amqpQueue<T extends object>(options: AmqpOptions<T>): ReplayableSource<T, TakenPosition> {
  const { queue } = options;
  let taken: TakenMessages | undefined;
  return {
    open: (from) =>
      stoppable(async function* (signal): AsyncGenerator<Positioned<T, TakenPosition>> {
        const messages = new TakenMessages(from);
        taken = messages;
        const retries = new Retries(options);
        while (!signal.aborted) {
          try {
            for await (const { message, ack } of deliveries(options, () => messages.unacknowledged, signal)) {
              retries.succeeded();
              const { messageId } = message.properties;
              const id = typeof messageId === 'string' ? messageId : undefined;
              const position = messages.take(id, ack);
              if (!position) continue;
              const row = decoded(message.content, options);
              yield { row, position, place: `message ${id ?? position.taken} of the queue ${queue}` };
            }
          } catch (error) {
            if (signal.aborted) return;
            if (isLasting(error)) throw error;
            await retries.failed(error, signal);
          }
        }
      }),
    acknowledge: (position) => taken?.acknowledge(position),
  };
}

interface Delivery {
  readonly message: Message;
  readonly ack: () => void;
}

/** What one connection delivers, until it breaks. */
async function* deliveries<T>(
  { url = 'amqp://127.0.0.1:5672', queue, prefetch = 65_535 }: AmqpOptions<T>,
  unacknowledged: () => number,
  signal: AbortSignal,
): AsyncGenerator<Delivery> {
  const { connect } = await peer<Amqp>('amqplib', 'amqpQueue');
  const connection = await connect(url);
  const waiting: Delivery[] = [];
  let failure: Error | undefined;
  let isOpen = true;
  let wake = (): void => {};
  const end = (error?: Error): void => {
    isOpen = false;
    failure ??= error ?? passing(`${url} closes the connection`);
    wake();
  };
  signal.addEventListener('abort', () => end());
  connection.on('error', end);
  connection.on('close', end);
  let channel: Channel | undefined;
  try {
    const opened = await connection.createChannel();
    channel = opened;
    // Such as a queue that does not exist: the broker closes the channel with the reason.
    opened.on('error', (error) => end(lasting(error?.message ?? `the channel to ${queue} fails`)));
    opened.on('close', end);
    await opened.prefetch(prefetch);
    await opened.consume(queue, (message) => {
      if (!message) return end(lasting(`the queue ${queue} was removed`));
      waiting.push({ message, ack: () => isOpen && opened.ack(message) });
      wake();
    });
    for (;;) {
      const next = waiting.shift();
      if (next) yield next;
      else if (failure) throw failure;
      else await delivered();
    }
  } catch (error) {
    throw isLasting(failure) || !isRefusal(error) ? (failure ?? error) : lasting(error.message);
  } finally {
    isOpen = false;
    // The channel first: acknowledgements that are on their way go out before it.
    await channel?.close().catch(() => {});
    await connection.close().catch(() => {});
  }

  function delivered(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        if (unacknowledged() >= prefetch) {
          failure = lasting(
            `${prefetch} messages of ${queue} were taken and no checkpoint acknowledges them: raise prefetch, or take checkpoints more often`,
          );
        }
        resolve();
      }, patience);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** What the broker says no to, by the numbers of its protocol, would be said again. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && [403, 404, 405, 530].includes(Number(error.code));
}
