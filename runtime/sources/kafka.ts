/** Topics of Kafka, gone on with from any offsets. Not tried against a server. */
import type { Positioned, ReplayableSource } from '../../dsl/dataset.ts';
import { stoppable } from '../data/live/stoppable.ts';
import { peer } from '../data/peer.ts';
import type { DecodeOptions } from './decoding.ts';
import { decoded } from './decoding.ts';
import { passing } from './failures.ts';

export interface KafkaOptions<T> extends DecodeOptions<T> {
  /** `host:port`, one or several. */
  readonly brokers: readonly string[];
  readonly topic: string;
  /** The group that is told how far rows have taken effect. */
  readonly group: string;
  /** More of what `Consumer` of `@platformatic/kafka` takes, such as `sasl` and `tls`. */
  readonly connection?: object | undefined;
}

interface Message {
  readonly value: Uint8Array | undefined;
  readonly partition: number;
  readonly offset: bigint;
  readonly leaderEpoch?: number;
}

interface Stream extends AsyncIterable<Message> {
  close(): Promise<void>;
}

interface Consumer {
  consume(settings: object): Promise<Stream>;
  commit(settings: object): Promise<unknown>;
  close(isForced?: boolean): Promise<void>;
}

interface Kafka {
  readonly Consumer: new (settings: object) => Consumer;
}

/** The next offset of each partition, as text: offsets are larger than numbers. */
export type KafkaPosition = Readonly<Record<string, string>>;

/**
 * Rows of a Kafka topic. The position holds the offset of each partition, so a run that is resumed loses and repeats nothing; the group is told of
 * offsets when the checkpoint that holds them is durable. Needs `@platformatic/kafka` (Node 22). Written against that client's
 * declarations and not tried against a server: hold it to `specs/servers/broker-laws.ts` before you rely on it.
 *
 * ```ts
 * from({ age: float, bought: bool }, kafkaTopic({ brokers: ['127.0.0.1:9092'], topic: 'clicks', group: 'trainer' }))
 * ```
 */
export function kafkaTopic<T extends object>(options: KafkaOptions<T>): ReplayableSource<T, KafkaPosition> {
  const { topic, brokers, group, connection } = options;
  let consumer: Consumer | undefined;
  return {
    open: (from) =>
      stoppable(async function* (signal): AsyncGenerator<Positioned<T, KafkaPosition>> {
        const { Consumer } = await peer<Kafka>('@platformatic/kafka', 'kafkaTopic');
        let position = from ?? {};
        const opened = new Consumer({
          clientId: 'millrace',
          groupId: group,
          bootstrapBrokers: brokers,
          autocommit: false,
          ...connection,
        });
        consumer = opened;
        try {
          const offsets = Object.entries(position).map(([partition, offset]) => ({
            topic,
            partition: Number(partition),
            offset: BigInt(offset),
          }));
          const stream = await opened.consume({
            topics: [topic],
            autocommit: false,
            ...(offsets.length > 0 ? { mode: 'manual', offsets } : { mode: 'earliest' }),
            // A partition that the checkpoint does not know is read from its beginning.
            fallbackMode: 'earliest',
          });
          const close = (): void => void stream.close().catch(() => {});
          signal.addEventListener('abort', close);
          if (signal.aborted) close();
          for await (const { value, partition, offset } of stream) {
            if (signal.aborted) return;
            // Delivered again, after partitions have changed hands: it is in the model already.
            if (offset < BigInt(position[partition] ?? 0)) continue;
            position = { ...position, [partition]: String(offset + 1n) };
            const row = decoded(value ?? new Uint8Array(), options);
            yield { row, position, place: `message ${offset} of partition ${partition} of ${topic}` };
          }
          if (!signal.aborted) throw passing(`the topic ${topic} ends`);
        } finally {
          consumer = undefined;
          await opened.close(true).catch(() => {});
        }
      }),
    async acknowledge(position) {
      const offsets = Object.entries(position).map(([partition, offset]) => ({
        topic,
        partition: Number(partition),
        offset: BigInt(offset),
        leaderEpoch: -1,
      }));
      await consumer?.commit({ offsets });
    },
  };
}
