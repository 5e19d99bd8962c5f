/** Sources over HTTP and WebSockets, against servers in this process that cut connections off: nothing is lost, nothing comes twice. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { int } from '../../dsl/column.ts';
import { from } from '../../dsl/dataset.ts';
import { httpLines, serverSentEvents, webSocket } from '../../runtime/sources/index.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { readRows } from '../support/rows-of.ts';
import { tally } from '../support/tally.ts';

const count = tally('sources over HTTP', { resources: 30, cuts: 30 });

const schema = { x: int };
const upTo = (size: number): number[] => Array.from({ length: size }, (_, i) => i);
const quick = { retryAfter: 1, retries: 3 };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function serving(answer: Answer): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/rows`, server };
}

describe('httpLines', () => {
  test('reads on where a connection broke or a run stopped, with and without ranges', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 10, max: 80 }),
        fc.array(fc.nat(500), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fc.nat(60),
        async (size, cuts, ranges, stop) => {
          const body = Buffer.from(
            upTo(size)
              .map((x) => `{"x": ${x}, "n": "é"}\n`)
              .join(''),
          );
          const waiting = [...cuts];
          const { url } = await serving((request, response) => {
            const [, begin = '0'] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
            const at = ranges ? Number(begin) : 0;
            if (ranges && at > 0 && at >= body.length) {
              response.writeHead(416).end();
              return;
            }
            const part = body.subarray(at);
            response.writeHead(at > 0 ? 206 : 200, { etag: '"1"', 'content-length': part.length });
            const cut = waiting.shift();
            if (cut === undefined || cut >= part.length) {
              response.end(part);
              return;
            }
            count('cuts');
            response.write(part.subarray(0, cut), () => setTimeout(() => response.destroy(), 5));
          });
          const dataset = from(schema, httpLines(url, { ...quick, retries: 10 }));
          const first = await readRows(dataset, 'x', { rows: stop });
          const second = await readRows(dataset, 'x', { from: first.state });
          expect([...first.values, ...second.values]).toEqual(upTo(size));
          count('resources');
        },
      ),
      { numRuns: runs(40) },
    );
  });

  test('a line that is no object is a bad row with its place', async () => {
    const { url } = await serving((_, response) => response.end('{"x": 1}\n[]\n{"x": 2}'));
    expect(await refused(readRows(from(schema, httpLines(url)), 'x'))).toMatchObject([
      { code: 'DAT705', message: expect.stringContaining('/rows:2') },
    ]);
    const skipping = from(schema, httpLines(url), { onBadRow: 'skip' });
    expect(await readRows(skipping, 'x')).toMatchObject({ values: [1, 2], rejected: 1 });
  });

  test('what a server refuses, or has changed, is refused; what it fails at is tried again', async () => {
    let asked = 0;
    const missing = await serving((_, response) => {
      asked++;
      response.writeHead(404).end();
    });
    expect(await refused(readRows(from(schema, httpLines(missing.url, quick)), 'x'))).toMatchObject([
      { code: 'DAT713', message: expect.stringContaining('404') },
    ]);
    expect(asked).toBe(1);

    const busy = await serving((_, response) => {
      if (++asked < 4) response.writeHead(503).end();
      else response.end('{"x": 7}\n');
    });
    expect((await readRows(from(schema, httpLines(busy.url, quick)), 'x')).values).toEqual([7]);

    let version = 1;
    const changing = await serving((_, response) => {
      response.setHeader('etag', `"${version}"`);
      response.end('{"x": 1}\n{"x": 2}\n');
    });
    const { state } = await readRows(from(schema, httpLines(changing.url)), 'x', { rows: 1 });
    version = 2;
    expect(
      await refused(readRows(from(schema, httpLines(changing.url)), 'x', { from: state })),
    ).toMatchObject([{ code: 'DAT713', message: expect.stringContaining('changed') }]);
  });

  test('a server that is not there fails after a few tries, with the cause', async () => {
    const { url, server } = await serving(() => {});
    server.close();
    const error = await readRows(from(schema, httpLines(url, quick)), 'x').catch((thrown: Error) => thrown);
    expect(error).toMatchObject({
      diagnostics: [{ code: 'DAT713' }],
      cause: { cause: { code: 'ECONNREFUSED' } },
    });
  });
});

describe('serverSentEvents', () => {
  /** Sends events behind the last one that the client has seen, and closes after `most`. */
  const events =
    (size: number, most: number): Answer =>
    (request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const begin = Number(request.headers['last-event-id'] ?? -1) + 1;
      response.write(': hello\nretry: 1\n\n');
      for (const x of upTo(size).slice(begin, begin + most)) {
        response.write(`event: other\ndata: {"x": -1}\n\n`);
        response.write(`id: ${x}\r\ndata: {"x":\r\ndata:  ${x}}\r\n\r\n`);
      }
      // An event that is cut off is none.
      response.write(`id: 999\ndata: {"x": 999}\n`, () => setTimeout(() => response.destroy(), 5));
    };

  test('goes on behind the last event, through connections and runs', async () => {
    const { url } = await serving(events(50, 7));
    const dataset = from(schema, serverSentEvents(url, quick));
    const first = await readRows(dataset, 'x', { rows: 17 });
    const second = await readRows(dataset, 'x', { from: first.state, rows: 33 });
    expect([...first.values, ...second.values]).toEqual(upTo(50));
  });

  test('ends in a failure when nothing more comes, and is left while it waits', async () => {
    const { url } = await serving(events(3, 10));
    expect(await refused(readRows(from(schema, serverSentEvents(url, quick)), 'x'))).toMatchObject([
      { code: 'DAT713' },
    ]);
    let isLeft = false;
    const silent = await serving((request, response) => {
      response.writeHead(200).write('data: {"x": 1}\n\n');
      request.socket.once('close', () => {
        isLeft = true;
      });
    });
    await readRows(from(schema, serverSentEvents(silent.url)), 'x', { rows: 1 });
    await expect.poll(() => isLeft).toBe(true);
  });
});

describe('webSocket', () => {
  /** As much of RFC 6455 as a server needs that sends short texts. */
  const frame = (text: string): Buffer =>
    Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);

  async function socketServer(onOpen: (socket: Duplex, number: number) => void): Promise<string> {
    const { server, url } = await serving(() => {});
    let opened = 0;
    server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      const accept = createHash('sha1').update(key).digest('base64');
      socket.on('error', () => {});
      // A close is answered by one.
      socket.on('data', (bytes: Buffer) => ((bytes[0] ?? 0) & 15) === 8 && socket.end());
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      onOpen(socket, opened++);
    });
    return url.replace('http:', 'ws:');
  }

  test('gives messages, connects again, and is left', async () => {
    let closed = 0;
    const url = await socketServer((socket, number) => {
      socket.on('close', () => closed++);
      for (const x of upTo(3)) socket.write(frame(JSON.stringify({ x: number * 3 + x })));
      if (number < 2) setTimeout(() => socket.destroy(), 20);
    });
    const dataset = from(schema, webSocket(url, quick), { overflow: 'error' });
    expect((await readRows(dataset, 'x', { rows: 9 })).values).toEqual(upTo(9));
    await expect.poll(() => closed).toBe(3);
  });

  test('messages that are no JSON are bad rows; a server that is not there is a failure', async () => {
    const url = await socketServer((socket) => {
      socket.write(frame('hello'));
      socket.write(frame('{"x": 1}'));
    });
    const dataset = from(schema, webSocket(url, quick), { overflow: 'error', onBadRow: 'skip' });
    expect(await readRows(dataset, 'x', { rows: 1 })).toMatchObject({ values: [1], rejected: 1 });
    const nowhere = from(schema, webSocket('ws://127.0.0.1:1', quick), { overflow: 'error' });
    expect(await refused(readRows(nowhere, 'x'))).toMatchObject([{ code: 'DAT713' }]);
  });
});
