/** Topics of MQTT behind a spool, against the real server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { from } from '../../dsl/dataset.ts';
import { spool } from '../../dsl/spool.ts';
import { mqttTopic } from '../../runtime/sources/index.ts';
import { announceSkipped } from '../support/announce-skipped.ts';
import { refused } from '../support/refused.ts';
import { readRows } from '../support/rows-of.ts';
import { schema, textOf, upTo } from './broker-laws.ts';
import { later, programOf, TestServer } from './server.ts';

const program = programOf('mosquitto');

describe('MQTT', () => {
  if (program === undefined) {
    test('is not here', () => announceSkipped('MQTT', 'there is no mosquitto'));
    return;
  }
  let server: TestServer;
  let spools: string;
  beforeAll(async () => {
    spools = mkdtempSync(join(tmpdir(), 'millrace-mqtt-'));
    server = await TestServer.start({
      program,
      args(port, folder) {
        const file = join(folder, 'mosquitto.conf');
        writeFileSync(
          file,
          `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location ${folder}/\nautosave_on_changes true\nautosave_interval 1\nuser root\n`,
        );
        return ['-c', file];
      },
    });
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(spools, { recursive: true });
  });

  const url = (): string => `mqtt://127.0.0.1:${server.port}`;

  async function publish(topic: string, first: number, end: number): Promise<void> {
    const { connectAsync } = await import('mqtt');
    const client = await connectAsync(url());
    for (const x of upTo(end, first)) await client.publishAsync(topic, textOf(x), { qos: 1 });
    await client.endAsync();
  }

  function dataset(topic: string) {
    const source = mqttTopic<{ x: number }>({
      url: url(),
      topic,
      clientId: `client-${topic}`,
      connection: { reconnectPeriod: 100 },
    });
    return from(schema, source, { overflow: spool(join(spools, topic)), onBadRow: 'skip' });
  }

  test('what was published while nobody was there comes, and a run goes on from its checkpoint', async () => {
    const first = readRows(dataset('a'), 'x', { rows: 10 });
    await later(500);
    await publish('a', 0, 30);
    const { values, state } = await first;
    await publish('a', 30, 65);
    const second = await readRows(dataset('a'), 'x', { from: state, rows: 52 });
    // One whose acknowledgement was on its way when the client left would come twice.
    expect([...new Set([...values, ...second.values])].slice(0, 60)).toEqual(upTo(60));
  });

  test('the broker dies and comes back: nothing is lost', async () => {
    const reading = readRows(dataset('b'), 'x', { rows: 60 });
    await later(500);
    await publish('b', 0, 30);
    // It writes what it holds to the disk once a second.
    await later(1500);
    await server.kill();
    await server.start();
    await later(500);
    await publish('b', 30, 60);
    const { values } = await reading;
    expect([...new Set(values)]).toEqual(upTo(60));
  });

  test('what is no JSON is a bad row; a name that the broker refuses is a failure', async () => {
    const reading = readRows(dataset('c'), 'x', { rows: 2 });
    await later(500);
    await publish('c', 0, 1);
    await publish('c', -1, 0);
    await publish('c', 1, 2);
    expect(await reading).toMatchObject({ values: [0, 1], rejected: 1 });
    const wrong = mqttTopic<{ x: number }>({ url: url(), topic: 'a/#/b' });
    expect(await refused(readRows(from(schema, wrong, { overflow: 'error' }), 'x'))).toMatchObject([
      { code: 'DAT713' },
    ]);
  });
});
