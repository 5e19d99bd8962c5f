/** A server over HTTP: paths, limits, rows that do not fit beside rows that do, and an end in which nobody is forgotten. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Model, Server } from '../../runtime/index.ts';
import { defineHook, publish, serve, train } from '../../runtime/index.ts';
import { build } from '../cli/millrace.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';
import type { Reply } from './ask.ts';
import { ask, metric } from './ask.ts';
import { asking, counting, width } from './steps-in-weights.ts';

// A thread runs what is built.
beforeAll(build);

const count = tally('serving over HTTP', { requests: 300, bad: 30, shed: 5 });

const row = (value: number): object => ({ x: Array.from(asking(value).x) });

async function trainedModel(steps: number): Promise<Model> {
  const { model } = await train(counting(), { steps }).finished;
  return model as unknown as Model;
}

/** Of `counting`: all numbers are the row's times the step. */
function expectAnswers(reply: Reply, values: readonly number[]): void {
  const step = reply.body.step ?? Number.NaN;
  const all = (value: number): number[] => Array.from({ length: width }, () => value * step);
  expect(reply).toMatchObject({ status: 200, body: { version: expect.any(Number) } });
  expect(reply.body.answers).toEqual(values.map((value) => ({ first: all(value), second: all(value) })));
  count('requests');
}

describe('of a model', () => {
  let model: Model;
  let server: Server;
  beforeAll(async () => {
    model = await trainedModel(3);
    server = await serve({ model, limits: { bodyBytes: 20_000, rows: 50 } });
  });
  afterAll(async () => {
    await server.close();
    model.dispose();
  });
  const post = (path: string, value: unknown, more = {}): Promise<Reply> =>
    ask(server.port, path, value, more);
  const get = (path: string): Promise<Reply> => ask(server.port, path);

  test('answers a row and a list of rows, with the version and its step', async () => {
    expectAnswers(await post('/predict', row(2)), [2]);
    expectAnswers(await post('/predict', [row(2), row(5), row(0)]), [2, 5, 0]);
    expect((await post('/predict', [])).body).toEqual({ version: 1, step: 3, answers: [] });
    expect(server.address).toBe(`http://127.0.0.1:${server.port}`);
  });

  test('answers by programs of the pipeline’s own', async () => {
    const { status, body } = await post('/run/twice', row(1));
    expect({ status, body }).toEqual({
      status: 200,
      body: { version: 1, step: 3, answers: [Array.from({ length: width }, () => 6)] },
    });
    expect((await post('/run/twise', row(1))).body.error).toMatchObject({
      code: 'RUN812',
      hint: 'did you mean twice?',
    });
    expect((await post('/run/', row(1))).status).toBe(404);
  });

  test('tells how it is, and what rows look like', async () => {
    expect((await get('/health')).body).toEqual({ status: 'ok' });
    expect(await get('/ready')).toMatchObject({ status: 200, body: { ready: true, version: 1, step: 3 } });
    const number = { dtype: 'float32', shape: [width] };
    expect((await get('/schema?of=all')).body).toEqual({
      name: 'pipeline',
      version: 1,
      step: 3,
      predict: { columns: { x: { kind: 'tensor', ...number } }, answer: { first: number, second: number } },
      run: { twice: { columns: { x: { kind: 'tensor', ...number } }, answer: number } },
    });
  });

  test.each<[name: string, asked: () => Promise<Reply>, status: number, code: string]>([
    ['no such path', () => get('/predictions'), 404, 'notFound'],
    ['a name that objects have', () => get('/__proto__'), 404, 'notFound'],
    ['a wrong method', () => get('/predict'), 405, 'methodNotAllowed'],
    ['another one', () => post('/health', {}), 405, 'methodNotAllowed'],
    ['no JSON', () => post('/predict', '{"x": '), 400, 'notJson'],
    ['nothing', () => post('/predict', ''), 400, 'notJson'],
    ['a number', () => post('/predict', 3), 400, 'notRows'],
    ['null', () => post('/predict', 'null'), 400, 'notRows'],
    ['rows that are none', () => post('/predict', [row(1), 7]), 400, 'DAT705'],
    ['a column that is missing', () => post('/predict', [row(1), {}]), 400, 'DAT707'],
    ['a column of another shape', () => post('/predict', [{ x: [1] }]), 400, 'DAT707'],
    [
      'more rows than the limit',
      () =>
        post(
          '/predict',
          Array.from({ length: 51 }, () => ({})),
        ),
      413,
      'tooManyRows',
    ],
    ['more bytes than the limit', () => post('/predict', `"${'x'.repeat(30_000)}"`), 413, 'tooLarge'],
    [
      'a body that is packed',
      () => post('/predict', '{}', { headers: { 'Content-Encoding': 'gzip' } }),
      415,
      'encoded',
    ],
  ])('refuses %s', async (_, asked, status, code) => {
    const reply = await asked();
    expect({ status: reply.status, code: reply.body.error?.code }).toEqual({ status, code });
    expect(reply.body.error?.message).toMatch(/./);
    expect(reply.headers['content-type']).toBe('application/json');
    expect(reply.text).not.toContain('runtime/');
    if (status === 405) expect(reply.headers.allow).toBe(_ === 'another one' ? 'GET' : 'POST');
    // And goes on.
    expectAnswers(await post('/predict', row(4)), [4]);
    count('bad');
  });

  test('a body that grows past the limit as it comes is refused before its end', async () => {
    const text = await new Promise<string>((resolve) => {
      const socket = connect(server.port, '127.0.0.1');
      let received = '';
      socket.on('data', (piece) => {
        received += String(piece);
      });
      socket.on('close', () => resolve(received));
      socket.on('error', () => {});
      socket.write('POST /predict HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n');
      for (let i = 0; i < 3; i++) socket.write(`${(8000).toString(16)}\r\n${'1'.repeat(8000)}\r\n`);
    });
    expect(text).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"tooLarge"/);
  });

  test('garbage instead of HTTP ends its own connection alone', async () => {
    const text = await new Promise<string>((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => socket.write('\u0000\u0001 garbage\r\n\r\n'));
      let received = '';
      socket.on('data', (piece) => {
        received += String(piece);
      });
      socket.on('close', () => resolve(received));
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expectAnswers(await post('/predict', row(1)), [1]);
  });

  test('counts what it does', async () => {
    const before = (await get('/metrics')).text;
    await Promise.all(Array.from({ length: 20 }, (_, i) => post('/predict', [row(i), row(i)])));
    await post('/predict', 'no');
    await Promise.all(Array.from({ length: 5 }, (_, i) => get(`/some/path/${i}`)));
    const { text, headers } = await get('/metrics');
    const rose = (name: string): number => (metric(text, name) ?? 0) - (metric(before, name) ?? 0);
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(rose('millrace_rows_total')).toBe(40);
    expect(rose('millrace_batch_rows_sum')).toBe(40);
    expect(rose('millrace_batch_rows_count')).toBeLessThanOrEqual(20);
    expect(rose('millrace_requests_total{path="/predict",status="200"}')).toBe(20);
    expect(rose('millrace_requests_total{path="/predict",status="400"}')).toBe(1);
    expect(rose('millrace_requests_total{path="other",status="404"}')).toBe(5);
    expect(rose('millrace_rejected_total{code="notJson"}')).toBe(1);
    expect(rose('millrace_request_duration_seconds_count')).toBe(27);
    expect(metric(text, 'millrace_version')).toBe(1);
    expect(metric(text, 'millrace_step')).toBe(3);
    expect(metric(text, 'millrace_ready')).toBe(1);
    expect(metric(text, 'millrace_queue_rows')).toBe(0);
    expect(text).not.toContain('some/path');
    // Every line is a remark or a sample; buckets only rise.
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [-+.e\d]+)$/);
    for (const name of ['millrace_batch_rows', 'millrace_request_duration_seconds']) {
      const buckets = [...text.matchAll(new RegExp(`^${name}_bucket\\{le="[^"]+"\\} (\\d+)$`, 'gm'))].map(
        ([, n]) => Number(n),
      );
      expect(buckets.length).toBeGreaterThan(5);
      expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
      expect(buckets.at(-1)).toBe(metric(text, `${name}_count`));
    }
  });
});

describe('rows that come together', () => {
  test('are answered by one run of the program, up to the size of a batch', async () => {
    const model = await trainedModel(1);
    const server = await serve({ model, batch: { size: 10, within: 2000 } });
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, i) => ask(server.port, '/predict', row(i))),
    );
    for (const [i, reply] of replies.entries()) expectAnswers(reply, [i]);
    const { text } = await ask(server.port, '/metrics');
    expect(metric(text, 'millrace_batch_rows_sum')).toBe(30);
    expect(metric(text, 'millrace_batch_rows_count')).toBeLessThan(10);
    expect(metric(text, 'millrace_batch_rows_bucket{le="8"}')).toBeLessThanOrEqual(3);
    // Fewer wait for the time; a request of more rows than a batch has is answered as a whole.
    const began = performance.now();
    expectAnswers(
      await ask(
        server.port,
        '/predict',
        Array.from({ length: 25 }, (_, i) => row(i)),
      ),
      Array.from({ length: 25 }, (_, i) => i),
    );
    expect(performance.now() - began).toBeLessThan(2000);
    await server.close();
    model.dispose();
  });

  test('harm no others where they do not fit', async () => {
    const model = await trainedModel(2);
    const server = await serve({ model, batch: { size: 1000, within: 400 } });
    const values = Array.from({ length: 60 }, (_, i) => i);
    const replies = await Promise.all(
      values.map((i) =>
        ask(server.port, '/predict', i % 3 === 0 ? [row(1), row(2), { x: [i] }] : [row(i), row(-i)]),
      ),
    );
    for (const [i, reply] of replies.entries()) {
      if (i % 3 > 0) expectAnswers(reply, [i, -i]);
      else {
        expect(reply).toMatchObject({ status: 400, body: { error: { code: 'DAT707', row: 2 } } });
        expect(reply.body.error?.message).toContain('row 2');
        count('bad');
      }
    }
    const { text } = await ask(server.port, '/metrics');
    expect(metric(text, 'millrace_batch_rows_sum')).toBe(80);
    expect(metric(text, 'millrace_batch_rows_count')).toBeLessThan(10);
    await server.close();
    model.dispose();
  });

  test('are refused where too many wait, and then taken again', async () => {
    const model = await trainedModel(1);
    const server = await serve({ model, batch: { size: 1000, within: 300 }, limits: { queue: 12 } });
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask(server.port, '/predict', row(1))));
    const shed = replies.filter(({ status }) => status === 503);
    for (const { body, headers } of shed) {
      expect(body.error?.code).toBe('overloaded');
      expect(headers['retry-after']).toBe('1');
      count('shed');
    }
    const taken = replies.filter(({ status }) => status === 200);
    for (const reply of taken) expectAnswers(reply, [1]);
    expect(taken.length).toBeGreaterThanOrEqual(12);
    expect(shed.length + taken.length).toBe(20);
    const { text } = await ask(server.port, '/metrics');
    expect(metric(text, 'millrace_rejected_total{code="overloaded"}')).toBe(shed.length);
    // One that is larger than the room is taken alone.
    const many = Array.from({ length: 40 }, (_, i) => i);
    expectAnswers(await ask(server.port, '/predict', many.map(row)), many);
    await server.close();
    model.dispose();
  });
});

describe.each([true, false])('of a run, in a thread of its own: %s', (thread) => {
  test('versions change under the questions, and no answer mixes them', async () => {
    const run = train(counting(), { hooks: [publish({ every: [3, 'steps'] })] });
    const published = new Map<number, number>();
    run.events$.subscribe((event) => {
      if (event.type === 'modelPublished') published.set(event.version, event.step);
    });
    const server = await serve({ run, thread });
    await run.serving.ready();
    while ((await ask(server.port, '/ready')).status !== 200);
    const seen = new Map<number | undefined, number | undefined>();
    for (let round = 0; round < 8; round++) {
      const values = Array.from({ length: 12 }, (_, i) => [i, i + 1, 2 * i]);
      const replies = await Promise.all(values.map((each) => ask(server.port, '/predict', each.map(row))));
      for (const [i, reply] of replies.entries()) {
        expectAnswers(reply, values[i] ?? []);
        seen.set(reply.body.version, reply.body.step);
      }
    }
    expect(seen.size).toBeGreaterThan(1);
    run.stop();
    const { model } = await run.finished;
    for (const [version, step] of seen) expect(published.get(version ?? 0)).toBe(step);
    // What training left is answered by in the end.
    let last: Reply;
    do last = await ask(server.port, '/predict', row(1));
    while (last.body.version !== run.serving.version?.version);
    expect(last.body.step).toBe([...published.values()].at(-1));
    await server.close();
    await expect(ask(server.port, '/health')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    model.dispose();
  });

  test('says that it is not ready before the first version', async () => {
    const run = train(counting(), { steps: 50, hooks: [] });
    const server = await serve({ run, thread });
    expect((await ask(server.port, '/health')).status).toBe(200);
    for (const path of ['/ready', '/schema', '/predict']) {
      const reply = await ask(server.port, path, path === '/predict' ? row(1) : undefined);
      expect(reply.status).toBe(503);
      if (path !== '/ready') expect(reply.body.error?.code).toBe('RUN814');
    }
    expect(metric((await ask(server.port, '/metrics')).text, 'millrace_ready')).toBe(0);
    await server.close();
    (await run.finished).model.dispose();
  });

  test('what was asked is answered when the server is closed', async () => {
    const run = train(counting(), { hooks: [publish({ every: [1, 'steps'] })] });
    const server = await serve({ run, thread, batch: { size: 1000, within: 60_000 } });
    await run.serving.ready();
    while ((await ask(server.port, '/ready')).status !== 200);
    const replies = Array.from({ length: 20 }, (_, i) => ask(server.port, '/predict', row(i)));
    while (metric((await ask(server.port, '/metrics')).text, 'millrace_queue_rows') !== 20);
    await Promise.all([server.close(), server.close()]);
    for (const [i, reply] of (await Promise.all(replies)).entries()) {
      expectAnswers(reply, [i]);
    }
    run.cancel();
    (await run.finished).model.dispose();
  });

  test('goes on with the last version when training fails', async () => {
    const lines: string[] = [];
    const failing = defineHook({
      name: 'failing',
      initialState: {},
      on: (_, event) => {
        if (event.type === 'batchFinished' && event.step === 20) throw new Error('no more');
        return undefined;
      },
    });
    const run = train(counting(), {
      hooks: [publish({ every: [1, 'steps'] }), failing],
    });
    const server = await serve({ run, thread, log: (line) => lines.push(line) });
    const [failure] = await refused(run.finished);
    expect(failure?.code).toBe('RUN803');
    while ((await ask(server.port, '/ready')).status !== 200);
    expectAnswers(await ask(server.port, '/predict', row(2)), [2]);
    await server.close();
    expect(lines).toEqual([expect.stringMatching(/^training failed, version \d+ goes on: RUN803/)]);
  });
});

describe('options', () => {
  test.each<[options: object, received: RegExp]>([
    [{}, /none of them/],
    [{ directory: 'a', model: 'b' }, /./],
    [{ directory: 'a', port: 70_000 }, /70000/],
    [{ directory: 'a', prot: 3 }, /prot/],
    [{ directory: 'a', batch: { size: 0 } }, /0/],
    [{ directory: 'a', batch: { whithin: 3 } }, /whithin/],
    [{ directory: 'a', limits: { rows: -1 } }, /-1/],
    [{ run: { serving: {} } }, /./],
  ])('%j is refused', async (options, received) => {
    const [diagnostic] = await refused(() => serve(options));
    expect(diagnostic?.code).toBe('RUN801');
    expect(diagnostic?.received).toMatch(received);
  });

  test('an address that cannot be had', async () => {
    const model = await trainedModel(1);
    const server = await serve({ model });
    const run = train(counting(), { hooks: [publish()] });
    for (const source of [{ model }, { run }, { run, thread: false }]) {
      const [diagnostic] = await refused(() => serve({ ...source, port: server.port }));
      expect(diagnostic).toMatchObject({ code: 'RUN815', received: `127.0.0.1:${server.port}` });
    }
    run.cancel();
    (await run.finished).model.dispose();
    await server.close();
    model.dispose();
  });
});
