/** Messages of an MQTT broker: pushed, and acknowledged once they have been taken. */
import type { Subscribable } from '../../dsl/dataset.ts';
import type { BadRow } from '../../dsl/row-options.ts';
import { peer } from '../data/peer.ts';
import type { DecodeOptions } from './decoding.ts';
import { decoded } from './decoding.ts';
import { passing } from './failures.ts';

export interface MqttOptions<T> extends DecodeOptions<T> {
  /** Default `mqtt://127.0.0.1:1883`. */
  readonly url?: string | undefined;
  /** A topic, with `+` and `#` as wildcards; one or several. */
  readonly topic: string | readonly string[];
  /** 0: messages may be lost. 1: none is, and one may come twice. Default 1. */
  readonly qos?: 0 | 1 | undefined;
  /** Under this name the broker keeps messages for a client that is away. Without one, what comes meanwhile is lost. */
  readonly clientId?: string | undefined;
  /** More of what `connect` of `mqtt` takes, such as `username` and `password`. */
  readonly connection?: object | undefined;
}

interface Packet {
  readonly cmd: string;
  readonly payload?: Uint8Array | string;
}

interface Client {
  handleMessage: (packet: Packet, done: (error?: Error) => void) => void;
  on(event: 'connect', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  subscribe(
    topic: string | readonly string[],
    settings: object,
    done: (error: Error | null) => void,
  ): unknown;
  end(isForced: boolean): unknown;
}

interface Mqtt {
  connect(url: string, settings: object): Client;
}

/**
 * Rows of the messages of an MQTT topic. Needs the package `mqtt`; a broken connection is made again. A message of QoS 1 is acknowledged when the
 * edge has it: with `overflow: spool(directory)` it is on the disk by then, and neither a crash of this process nor of the broker loses
 * it. One whose acknowledgement was lost comes twice.
 *
 * ```ts
 * from({ temperature: float }, mqttTopic({ topic: 'plant/+/readings', clientId: 'trainer' }), { overflow: spool('runs/plant/spool') })
 * ```
 */
export function mqttTopic<T extends object>(options: MqttOptions<T>): Subscribable<T | BadRow> {
  return {
    subscribe(observer) {
      const stop = new AbortController();
      listen(options, observer, stop.signal).catch((error: unknown) => {
        if (!stop.signal.aborted) observer.error(error);
      });
      return { unsubscribe: () => stop.abort() };
    },
  };
}

async function listen<T>(
  options: MqttOptions<T>,
  listener: { next(row: T | BadRow): void; error(error: unknown): void },
  signal: AbortSignal,
): Promise<void> {
  const { url = 'mqtt://127.0.0.1:1883', topic, qos = 1, clientId, connection } = options;
  const { connect } = await peer<Mqtt>('mqtt', 'mqttTopic');
  if (signal.aborted) return;
  const isKept = clientId !== undefined;
  const client = connect(url, {
    protocolVersion: 5,
    clean: !isKept,
    ...(isKept && { clientId, properties: { sessionExpiryInterval: 0xffff_ffff } }),
    ...connection,
  });
  // Acknowledgements that are on their way go out first.
  signal.addEventListener('abort', () => client.end(false));
  client.handleMessage = ({ payload = '' }, done) => {
    if (signal.aborted) return;
    listener.next(decoded(Buffer.from(payload), options));
    // A spool writes what came in this turn before the next one; it is acknowledged after that.
    setImmediate(done);
  };
  const fail = (error: Error): void => {
    client.end(true);
    if (!signal.aborted) listener.error(passing(`${url}: ${error.message}`));
  };
  // Errors of the network are tried again by the client; these are what the broker says no with.
  client.on('error', (error) => {
    if ('code' in error && typeof error.code === 'number') fail(error);
  });
  client.on('connect', () => {
    client.subscribe(topic, { qos }, (error) => error && fail(error));
  });
}
