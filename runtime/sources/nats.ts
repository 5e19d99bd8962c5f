/** A stream of NATS JetStream, gone on with from any message. */
import type { Positioned, ReplayableSource } from '../../dsl/dataset.ts';
import { stoppable } from '../data/live/stoppable.ts';
import { peer } from '../data/peer.ts';
import type { DecodeOptions } from './decoding.ts';
import { decoded } from './decoding.ts';
import { lasting } from './failures.ts';

export interface NatsOptions<T> extends DecodeOptions<T> {
  /** `host:port`, one or several. Default `127.0.0.1:4222`. */
  readonly servers?: string | readonly string[] | undefined;
  readonly stream: string;
  /** Which of its subjects. Default: all. */
  readonly subjects?: string | readonly string[] | undefined;
  /**
   * The name of a durable consumer that is told how far rows have taken effect: for streams that remove what all have acknowledged
   * (retention `interest`), and for whoever watches. It is made where there is none. Default: none; the position in the checkpoint is enough.
   */
  readonly durable?: string | undefined;
  /** More of what `connect` of `@nats-io/transport-node` takes, such as `user` and `pass`. */
  readonly connection?: object | undefined;
}

interface Message {
  readonly seq: number;
  readonly data: Uint8Array;
  ack(): void;
}

interface Messages extends AsyncIterable<Message> {
  close(): Promise<unknown>;
}

interface Consumer {
  consume(settings: object): Promise<Messages>;
  fetch(settings: object): Promise<AsyncIterable<Message>>;
}

interface Manager {
  readonly consumers: {
    info(stream: string, name: string): Promise<unknown>;
    add(stream: string, settings: object): Promise<unknown>;
  };
  readonly streams: {
    info(
      stream: string,
    ): Promise<{ readonly state: { readonly first_seq: number; readonly messages: number } }>;
  };
}

interface Connection {
  close(): Promise<void>;
  flush(): Promise<void>;
}

interface Transport {
  connect(settings: object): Promise<Connection>;
}

interface JetStream {
  jetstream(connection: Connection): {
    readonly consumers: { get(stream: string, consumer: string | object): Promise<Consumer> };
  };
  jetstreamManager(connection: Connection): Promise<Manager>;
}

/**
 * Rows of a JetStream stream. The position is the sequence number in the stream, so a run that is resumed loses and repeats nothing,
 * whatever dies. Needs `@nats-io/transport-node` and `@nats-io/jetstream`. Messages that the stream no longer holds when they are
 * asked for are a failure (DAT713). Streams of work queues (retention `workqueue`) cannot be read by position.
 *
 * ```ts
 * from({ age: float, bought: bool }, natsJetStream({ stream: 'CLICKS' })).batch(64, { within: 1000 })
 * ```
 */
export function natsJetStream<T extends object>(options: NatsOptions<T>): ReplayableSource<T, number> {
  const { stream, durable } = options;
  return {
    open: (from) =>
      stoppable(async function* (signal): AsyncGenerator<Positioned<T, number>> {
        let position = from ?? 0;
        const connection = await connect(options);
        try {
          if (durable !== undefined) await prepare(connection, durable, options);
          const messages = await messagesAfter(connection, position, from !== undefined, options);
          const close = (): void => void messages.close().catch(() => {});
          signal.addEventListener('abort', close);
          if (signal.aborted) return;
          for await (const { seq, data } of messages) {
            if (signal.aborted) return;
            // Delivered again: it is in the model already.
            if (seq <= position) continue;
            position = seq;
            yield { row: decoded(data, options), position, place: `message ${seq} of the stream ${stream}` };
          }
          if (!signal.aborted) throw lasting(`the stream ${stream} ends`);
        } finally {
          await connection.close().catch(() => {});
        }
      }),
    async acknowledge(position) {
      if (durable === undefined) return;
      const connection = await connect(options);
      try {
        await acknowledged(connection, position, durable, options);
      } finally {
        await connection.close();
      }
    },
  };
}

async function connect<T>({ servers = '127.0.0.1:4222', connection }: NatsOptions<T>): Promise<Connection> {
  const transport = await peer<Transport>('@nats-io/transport-node', 'natsJetStream');
  return transport.connect({ servers, maxReconnectAttempts: -1, ...connection });
}

async function messagesAfter<T>(
  connection: Connection,
  position: number,
  isResumed: boolean,
  { stream, subjects }: NatsOptions<T>,
): Promise<Messages> {
  const { jetstream, jetstreamManager } = await peer<JetStream>('@nats-io/jetstream', 'natsJetStream');
  const manager = await jetstreamManager(connection);
  const { state } = await manager.streams.info(stream);
  if (isResumed && state.first_seq > position + 1) {
    throw lasting(
      `the stream ${stream} begins at message ${state.first_seq}; those after ${position} are gone`,
    );
  }
  const settings = {
    ...(subjects !== undefined && { filter_subjects: subjects }),
    deliver_policy: isResumed ? 'by_start_sequence' : 'all',
    ...(isResumed && { opt_start_seq: position + 1 }),
  };
  // So short, because a server that comes back knows nothing of this consumer: it is noticed by the silence.
  return (await jetstream(connection).consumers.get(stream, settings)).consume({ expires: 5000 });
}

/** It exists before anything is read, so that a stream keeps for it what is not acknowledged. */
async function prepare<T>(
  connection: Connection,
  durable: string,
  { stream, subjects }: NatsOptions<T>,
): Promise<void> {
  const { jetstreamManager } = await peer<JetStream>('@nats-io/jetstream', 'natsJetStream');
  const { consumers } = await jetstreamManager(connection);
  if (await consumers.info(stream, durable).catch(() => undefined)) return;
  await consumers.add(stream, {
    durable_name: durable,
    ack_policy: 'all',
    max_ack_pending: -1,
    ...(subjects !== undefined && { filter_subjects: subjects }),
  });
}

/** A consumer acknowledges what was delivered to it: messages are fetched up to the position, and the last is acknowledged for all. */
async function acknowledged<T>(
  connection: Connection,
  position: number,
  durable: string,
  { stream }: NatsOptions<T>,
): Promise<void> {
  const { jetstream } = await peer<JetStream>('@nats-io/jetstream', 'natsJetStream');
  const consumer = await jetstream(connection).consumers.get(stream, durable);
  for (let at = 0; at < position; ) {
    let last: Message | undefined;
    // There are no more between two numbers than their difference; a pause of a second says that there are none.
    for await (const message of await consumer.fetch({
      max_messages: Math.min(256, position - at),
      expires: 1000,
    })) {
      last = message;
    }
    if (!last) return;
    at = last.seq;
    if (at <= position) last.ack();
  }
  await connection.flush();
}
