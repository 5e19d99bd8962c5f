/** Queues of RabbitMQ, against the real server. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { from } from '../../dsl/dataset.ts';
import { amqpQueue } from '../../runtime/sources/index.ts';
import { announceSkipped } from '../support/announce-skipped.ts';
import { refused } from '../support/refused.ts';
import { readRows } from '../support/rows-of.ts';
import type { BrokerCase } from './broker-laws.ts';
import { brokerLaws, schema, textOf, upTo } from './broker-laws.ts';
import { later, programOf, TestServer } from './server.ts';

/** The script on the path would change the user; this is what it starts. */
const program = programOf('rabbitmq-server') && programOf('rabbitmq/bin/rabbitmq-server');

describe('RabbitMQ', () => {
  if (program === undefined) {
    test('is not here', () => announceSkipped('RabbitMQ', 'there is no rabbitmq-server'));
    return;
  }
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({
      program,
      args: () => [],
      env: (port, folder) => ({
        RABBITMQ_NODE_PORT: String(port),
        RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
        RABBITMQ_NODENAME: `millrace${port}@localhost`,
        RABBITMQ_DIST_PORT: String(port + 1),
        ERL_EPMD_PORT: String(port + 2),
        RABBITMQ_MNESIA_BASE: folder,
        RABBITMQ_LOG_BASE: folder,
        RABBITMQ_PID_FILE: `${folder}/pid`,
        RABBITMQ_ENABLED_PLUGINS_FILE: `${folder}/plugins`,
        RABBITMQ_SERVER_START_ARGS: '-setcookie millrace',
        HOME: folder,
      }),
    });
  });
  afterAll(async () => {
    await server?.stop();
    // What tells nodes of each other leaves the group that it was started in.
    if (server) spawnSync('epmd', ['-port', String(server.port + 2), '-kill']);
  });

  const url = (): string => `amqp://127.0.0.1:${server.port}`;

  async function connected() {
    const { connect } = await import('amqplib');
    for (let tries = 0; ; tries++) {
      try {
        return await connect(url());
      } catch (error) {
        // It listens before it answers.
        if (tries === 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  let queues = 0;
  async function make(): Promise<BrokerCase & { readonly queue: string }> {
    const queue = `q${queues++}`;
    const begun = await connected();
    await (await begun.createChannel()).assertQueue(queue, { durable: true });
    await begun.close();
    return {
      queue,
      source: () => amqpQueue({ url: url(), queue, retryAfter: 100 }),
      async publish(first, end) {
        const connection = await connected();
        const channel = await connection.createConfirmChannel();
        for (const x of upTo(end, first)) {
          channel.sendToQueue(queue, Buffer.from(textOf(x)), { persistent: true, messageId: `m${x}` });
        }
        await channel.waitForConfirms();
        await connection.close();
      },
      async restart() {
        // Queues are written down a few seconds after they are made, messages before they are confirmed.
        await later(4000);
        await server.kill();
        await server.start();
      },
    };
  }

  brokerLaws(make);

  test('messages are acknowledged when the checkpoint is durable, and not before', async () => {
    const broker = await make();
    await broker.publish(0, 20);
    const count = async (): Promise<number> => {
      const connection = await connected();
      const { messageCount } = await (await connection.createChannel()).checkQueue(broker.queue);
      await connection.close();
      return messageCount;
    };
    await readRows(from(schema, broker.source()), 'x', { rows: 12 });
    await expect.poll(count).toBe(20);
    await readRows(from(schema, broker.source()), 'x', { rows: 12, isAcknowledged: true });
    await expect.poll(count).toBe(8);
  });

  test('a queue that is not there is a failure', async () => {
    const source = amqpQueue<{ x: number }>({ url: url(), queue: 'none' });
    expect(await refused(readRows(from(schema, source), 'x'))).toMatchObject([{ code: 'DAT713' }]);
  });
});
