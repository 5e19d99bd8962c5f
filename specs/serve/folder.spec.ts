/** A server that watches a folder takes what is new and whole, says what is damaged, and loses no request on the way. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Server } from '../../runtime/index.ts';
import { checkpoint, load, serve, train } from '../../runtime/index.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';
import type { Reply } from './ask.ts';
import { ask, metric } from './ask.ts';
import { asking, counting, width } from './steps-in-weights.ts';

const count = tally('serving a folder', { requests: 200, swaps: 4, damaged: 2 });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-serve-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const row = { x: Array.from(asking(2).x) };

/** Each answer is of one step, the one that it names. */
function stepOf(reply: Reply): number {
  const { step = Number.NaN, answers } = reply.body;
  const numbers = Array.from({ length: width }, () => 2 * step);
  expect({ status: reply.status, answers }).toEqual({
    status: 200,
    answers: [{ first: numbers, second: numbers }],
  });
  count('requests');
  return step;
}

async function saved(steps: number): Promise<void> {
  const { model } = await train(counting(), { steps }).finished;
  await model.save(folder);
  model.dispose();
}

/** Asks until an answer is of this step; gives the steps that answered on the way. */
async function until(server: Server, step: number): Promise<readonly number[]> {
  const steps: number[] = [];
  do {
    const replies = await Promise.all(Array.from({ length: 5 }, () => ask(server.port, '/predict', row)));
    steps.push(...replies.map(stepOf));
  } while (steps.at(-1) !== step);
  return steps;
}

test('a saved model that is saved anew', async () => {
  await saved(3);
  const lines: string[] = [];
  const server = await serve({ directory: folder, poll: 50, log: (line) => lines.push(line) });
  expect((await ask(server.port, '/ready')).body).toEqual({ ready: true, version: 1, step: 3 });
  for (const step of [4, 2, 5]) {
    await saved(step);
    const steps = await until(server, step);
    // There and never back.
    expect(new Set(steps).size).toBeLessThanOrEqual(2);
    count('swaps');
  }
  expect((await ask(server.port, '/ready')).body).toEqual({ ready: true, version: 4, step: 5 });
  // The same again is no new version.
  await saved(5);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect((await ask(server.port, '/ready')).body.version).toBe(4);
  await server.close();
  expect(lines).toEqual([3, 4, 2, 5].map((step, i) => `version ${i + 1} answers from now on: step ${step}`));
});

test('the checkpoints of a run in another place, while it writes them', async () => {
  const hooks = [checkpoint(folder, { every: [10, 'steps'], keep: 2 })];
  const first = await train(counting(), { steps: 10, hooks }).finished;
  first.model.dispose();
  const server = await serve({ directory: folder, poll: 20, log: () => {} });
  const run = train(counting(), { steps: 200, hooks, resume: true });
  const steps = new Set<number>();
  let isOver = false;
  const asking$ = (async () => {
    while (!isOver) steps.add(stepOf(await ask(server.port, '/predict', row)));
  })();
  const { model } = await run.finished;
  await until(server, 200);
  isOver = true;
  await asking$;
  for (const step of steps) expect(step % 10).toBe(0);
  expect([...steps]).toEqual([...steps].sort((a, b) => a - b));
  count('swaps', steps.size);
  model.dispose();
  await server.close();
});

test('a damaged version is said once, counted, and the one before goes on', async () => {
  await saved(3);
  const problems: string[] = [];
  const server = await serve({
    directory: folder,
    poll: 20,
    log: (line, kind) => kind === 'problem' && problems.push(line),
  });
  const name = 'model.json';
  const whole = await readFile(join(folder, name), 'utf8');
  await writeFile(join(folder, name), whole.slice(0, -40));
  while (problems.length === 0) stepOf(await ask(server.port, '/predict', row));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(problems).toEqual([
    expect.stringMatching(/^a new version was not taken, version 1 goes on: .*RUN809/),
  ]);
  expect(stepOf(await ask(server.port, '/predict', row))).toBe(3);
  expect(metric((await ask(server.port, '/metrics')).text, 'millrace_reload_failures_total')).toBe(1);
  count('damaged');
  // A good one mends it.
  await saved(7);
  await until(server, 7);
  await server.close();
});

test('of checkpoints, an older one answers where the newest is damaged', async () => {
  const hooks = [checkpoint(folder, { every: [5, 'steps'], keep: 3 })];
  (await train(counting(), { steps: 20, hooks }).finished).model.dispose();
  const names = (await readdir(folder)).filter((each) => /^checkpoint-\d+\.json$/.test(each)).sort();
  // Checkpoints that fall due while one is being written are passed over.
  const [before = '', newest = ''] = names.slice(-2);
  const { parts } = JSON.parse(await readFile(join(folder, newest), 'utf8')) as {
    parts: Record<string, { file: string }>;
  };
  expect(newest).toContain('20');
  const file =
    Object.values(parts).find((part) => part.file.includes('weights'))?.file ??
    Object.values(parts)[0]?.file ??
    '';
  const bytes = await readFile(join(folder, file));
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  await writeFile(join(folder, file), bytes);
  const problems: string[] = [];
  const server = await serve({
    directory: folder,
    log: (line, kind) => kind === 'problem' && problems.push(line),
  });
  expect(stepOf(await ask(server.port, '/predict', row))).toBe(Number(/\d+/.exec(before)?.[0]));
  expect(problems).toEqual([
    expect.stringMatching(/^a new version was not taken, an older one is taken: .*20.* is damaged/),
  ]);
  count('damaged');
  await server.close();
});

test('a folder that is gone is said, and the model in memory goes on', async () => {
  await saved(3);
  const problems: string[] = [];
  const server = await serve({
    directory: folder,
    poll: 20,
    log: (line, kind) => kind === 'problem' && problems.push(line),
  });
  await rm(folder, { recursive: true });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(stepOf(await ask(server.port, '/predict', row))).toBe(3);
  await saved(6);
  await until(server, 6);
  await server.close();
});

test('a folder without a model is refused', async () => {
  const [diagnostic] = await refused(() => serve({ directory: folder }));
  expect(diagnostic?.code).toBe('RUN808');
  await saved(1);
  const model = await load(folder);
  model.dispose();
});
