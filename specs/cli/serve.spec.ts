/** `millrace serve` as a process: it listens, answers, trains meanwhile, and ends in good order when it is told to. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Reply } from '../serve/ask.ts';
import { ask, metric } from '../serve/ask.ts';
import { withFiles } from '../static/with-files.ts';
import { called } from './in-process.ts';
import { build, millrace, start } from './millrace.ts';
import { files } from './programs.ts';

beforeAll(build);

interface Serving {
  readonly child: ChildProcessWithoutNullStreams;
  readonly port: number;
  /** What it has said on standard error. */
  readonly said: () => string;
  /** Ends it by a signal to its own process; gives the exit code. */
  readonly end: (signal: 'SIGINT' | 'SIGTERM') => Promise<number | null>;
}

async function serving(folder: string, args: readonly string[]): Promise<Serving> {
  const child = start(folder, ['serve', ...args, '--port', '0']);
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (piece) => {
    stderr += String(piece);
  });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (piece) => {
      stdout += String(piece);
      const found = /^listening on http:\/\/127\.0\.0\.1:(\d+)$/m.exec(stdout)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    child.on('close', () => reject(new Error(`internal: it never listened: ${stderr}`)));
  });
  const end = (signal: 'SIGINT' | 'SIGTERM'): Promise<number | null> => {
    child.kill(signal);
    return closed;
  };
  return { child, port, said: () => stderr, end };
}

/** About 3·x − 0.5, once it has learned. */
function answerOf(reply: Reply): number {
  expect(reply.status).toBe(200);
  const [answer] = reply.body.answers as readonly number[];
  return answer ?? Number.NaN;
}

async function until<T>(get: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await get();
    if (holds(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('a saved model, and the one that is saved over it', async () => {
  await withFiles(files, async (folder) => {
    const save = async (epochs: number): Promise<void> => {
      const args = ['train', 'line.ts', '--epochs', String(epochs), '--save', 'model'];
      expect((await called(folder, args)).status).toBe(0);
    };
    await save(1);
    const { port, end, said } = await serving(folder, ['line.ts', '--model', 'model']);
    const before = answerOf(await ask(port, '/predict', { x: 1 }));
    expect(Math.abs(before - 2.5)).toBeGreaterThan(0.05);
    await save(60);
    const reply = await until(
      () => ask(port, '/predict', { x: 1 }),
      ({ body }) => body.version === 2,
    );
    expect(answerOf(reply)).toBeCloseTo(2.5, 2);
    expect((await ask(port, '/schema')).body.predict).toMatchObject({ columns: { x: { kind: 'float' } } });
    expect(await end('SIGTERM')).toBe(0);
    expect(said()).toContain('version 2 answers from now on');
    // A model of another program is refused, as by predict.
    const other = millrace(folder, [
      'serve',
      'two.ts',
      '--pipeline',
      'first',
      '--model',
      'nothing',
      '--port',
      '0',
    ]);
    expect(other).toMatchObject({ status: 1, stderr: expect.stringContaining('error RUN808') });
  });
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'training, serving, and on %s a last checkpoint to go on from',
  async (signal) => {
    await withFiles(files, async (folder) => {
      const args = ['live.ts', '--train', '--checkpoint', 'runs'];
      const first = await serving(folder, args);
      await until(
        () => ask(first.port, '/ready'),
        ({ status }) => status === 200,
      );
      await until(
        () => ask(first.port, '/predict', { x: 1 }),
        (reply) => Math.abs(answerOf(reply) - 2.5) < 0.01,
      );
      const replies = Array.from({ length: 30 }, (_, i) => ask(first.port, '/predict', { x: i }));
      for (const reply of await Promise.all(replies)) answerOf(reply);
      expect(await first.end(signal)).toBe(0);
      const kept = readdirSync(join(folder, 'runs'))
        .filter((name) => /^checkpoint-\d+\.json$/.test(name))
        .sort();
      const last = Number(/\d+/.exec(kept.at(-1) ?? '')?.[0]);
      expect(last).toBeGreaterThan(10);
      const second = await serving(folder, args);
      const { body } = await until(
        () => ask(second.port, '/ready'),
        ({ status }) => status === 200,
      );
      expect(body.step).toBeGreaterThan(last);
      expect(answerOf(await ask(second.port, '/predict', { x: 1 }))).toBeCloseTo(2.5, 1);
      expect(await second.end('SIGTERM')).toBe(0);
    });
  },
);

test('what training left goes on when the data are over; a failure ends the process', async () => {
  await withFiles(files, async (folder) => {
    const { port, end, said } = await serving(folder, ['line.ts', '--train', '--epochs', '60']);
    await until(
      async () => said(),
      (text) => text.includes('training has ended after 240 steps'),
    );
    const reply = await until(
      () => ask(port, '/predict', { x: 1 }),
      ({ body }) => body.step === 240,
    );
    expect(answerOf(reply)).toBeCloseTo(2.5, 2);
    expect(metric((await ask(port, '/metrics')).text, 'millrace_step')).toBe(240);
    expect(await end('SIGINT')).toBe(0);
    const failing = millrace(folder, ['serve', 'broken.ts', '--train', '--port', '0']);
    expect(failing.status).toBe(1);
    expect(failing.stderr).toContain('error DAT');
  });
});

test('a second signal ends it at once, though a client never sends the rest of its question', async () => {
  await withFiles(files, async (folder) => {
    const { child, port, end } = await serving(folder, ['line.ts', '--train', '--epochs', '5']);
    const { connect } = await import('node:net');
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    await new Promise((resolve) => socket.on('connect', resolve));
    socket.write('POST /predict HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\n{');
    await until(
      () => ask(port, '/health'),
      ({ status }) => status === 200,
    );
    const ended = end('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(child.exitCode).toBeNull();
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    socket.destroy();
  });
});
