/** Redis streams, against the real server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { from } from '../../dsl/dataset.ts';
import { redisStream } from '../../runtime/sources/index.ts';
import { announceSkipped } from '../support/announce-skipped.ts';
import { refused } from '../support/refused.ts';
import { readRows } from '../support/rows-of.ts';
import type { BrokerCase } from './broker-laws.ts';
import { brokerLaws, schema, textOf, upTo } from './broker-laws.ts';
import { programOf, TestServer } from './server.ts';

const program = programOf('redis-server');

describe('Redis streams', () => {
  if (program === undefined) {
    test('are not here', () => announceSkipped('Redis streams', 'there is no redis-server'));
    return;
  }
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({
      program,
      args: (port, folder) => [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
        ...['--appendonly', 'yes', '--appendfsync', 'always'],
      ],
    });
  });
  afterAll(() => server?.stop());

  const url = (): string => `redis://127.0.0.1:${server.port}`;

  async function connected() {
    const { createClient } = await import('redis');
    return createClient({ url: url() }).connect();
  }

  let streams = 0;
  async function make(options: object) {
    const stream = `s${streams++}`;
    const broker: BrokerCase = {
      source: () => redisStream({ url: url(), stream, field: 'json', retryAfter: 20, ...options }),
      async publish(first, end) {
        const client = await connected();
        for (const x of upTo(end, first)) await client.xAdd(stream, '*', { json: textOf(x) });
        await client.close();
      },
      async restart() {
        await server.kill();
        await server.start();
      },
    };
    return { ...broker, stream };
  }

  describe('by position alone', () => brokerLaws(() => make({})));
  describe('with a group, trimmed', () => brokerLaws(() => make({ group: 'model', trim: true })));

  test('a group is told how far rows have taken effect, and trimming removes those', async () => {
    const broker = await make({ group: 'model', trim: true });
    await broker.publish(0, 20);
    await readRows(from(schema, broker.source()), 'x', { rows: 12, isAcknowledged: true });
    const client = await connected();
    expect(await client.xLen(broker.stream)).toBe(8);
    expect(await client.xInfoGroups(broker.stream)).toMatchObject([{ name: 'model', pending: 0, lag: 8 }]);
    await client.close();
  });

  test('fields are columns where no field holds the row', async () => {
    const client = await connected();
    await client.xAdd('plain', '*', { x: '5', note: 'five' });
    await client.close();
    const source = redisStream<{ x: number }>({ url: url(), stream: 'plain' });
    expect((await readRows(from(schema, source), 'x', { rows: 1 })).values).toEqual([5]);
  });

  test('entries that are gone are a failure, and a key that is no stream', async () => {
    const broker = await make({});
    await broker.publish(0, 10);
    const { state } = await readRows(from(schema, broker.source()), 'x', { rows: 2 });
    const client = await connected();
    await client.xTrim(broker.stream, 'MAXLEN', 4);
    expect(await refused(readRows(from(schema, broker.source()), 'x', { from: state }))).toMatchObject([
      { code: 'DAT713', message: expect.stringContaining('gone') },
    ]);
    await client.set('text', 'no stream');
    const wrong = redisStream<{ x: number }>({ url: url(), stream: 'text' });
    expect(await refused(readRows(from(schema, wrong), 'x'))).toMatchObject([{ code: 'DAT713' }]);
    await client.close();
  });
});
