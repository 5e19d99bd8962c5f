/** NATS JetStream, against the real server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { from } from '../../dsl/dataset.ts';
import { natsJetStream } from '../../runtime/sources/index.ts';
import { announceSkipped } from '../support/announce-skipped.ts';
import { refused } from '../support/refused.ts';
import { readRows } from '../support/rows-of.ts';
import type { BrokerCase } from './broker-laws.ts';
import { brokerLaws, schema, textOf, upTo } from './broker-laws.ts';
import { later, programOf, TestServer } from './server.ts';

const program = programOf('nats-server');

describe('NATS JetStream', () => {
  if (program === undefined) {
    test('is not here', () => announceSkipped('NATS JetStream', 'there is no nats-server'));
    return;
  }
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({
      program,
      args: (port, folder) => ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder],
    });
  });
  afterAll(() => server?.stop());

  async function connected() {
    const { connect } = await import('@nats-io/transport-node');
    const { jetstream, jetstreamManager } = await import('@nats-io/jetstream');
    const connection = await connect({ servers: `127.0.0.1:${server.port}` });
    return { connection, client: jetstream(connection), manager: await jetstreamManager(connection) };
  }

  let streams = 0;
  async function make(durable: string | undefined, retention: 'limits' | 'interest' = 'limits') {
    const stream = `S${streams++}`;
    const begun = await connected();
    await begun.manager.streams.add({ name: stream, subjects: [`${stream}.>`], retention });
    await begun.connection.close();
    const settings = { servers: `127.0.0.1:${server.port}`, stream, durable };
    const broker: BrokerCase = {
      source: () => natsJetStream(settings),
      async publish(first, end) {
        const { connection, client } = await connected();
        for (const x of upTo(end, first)) await client.publish(`${stream}.rows`, textOf(x));
        await connection.close();
      },
      async restart() {
        await server.kill();
        await server.start();
      },
    };
    return { ...broker, stream };
  }

  describe('by position alone', () => brokerLaws(() => make(undefined)));
  describe('with a durable consumer', () => brokerLaws(() => make('model')));

  test('a durable consumer is told how far rows have taken effect, and a stream by interest forgets those', async () => {
    const broker = await make('model', 'interest');
    const reading = readRows(from(schema, broker.source()), 'x', { rows: 12, isAcknowledged: true });
    // Whoever is interested says so before.
    await later(500);
    await broker.publish(0, 20);
    const { state } = await reading;
    const { connection, manager } = await connected();
    await expect.poll(async () => (await manager.streams.info(broker.stream)).state.first_seq).toBe(13);
    const rest = await readRows(from(schema, broker.source()), 'x', { from: state, rows: 8 });
    expect(rest.values).toEqual(upTo(20, 12));
    await connection.close();
  });

  test('messages that are gone are a failure, and a stream that is not there', async () => {
    const broker = await make(undefined);
    await broker.publish(0, 10);
    const { state } = await readRows(from(schema, broker.source()), 'x', { rows: 2 });
    const { connection, manager } = await connected();
    await manager.streams.purge(broker.stream, { seq: 6 });
    expect(await refused(readRows(from(schema, broker.source()), 'x', { from: state }))).toMatchObject([
      { code: 'DAT713', message: expect.stringContaining('gone') },
    ]);
    await manager.streams.delete(broker.stream);
    expect(await refused(readRows(from(schema, broker.source()), 'x'))).toMatchObject([{ code: 'DAT713' }]);
    await connection.close();
  });
});
