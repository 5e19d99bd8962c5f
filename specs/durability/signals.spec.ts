/** However `millrace train` is ended, what was learned is in the folders of --save and --checkpoint, and the exit code says how. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'millrace/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunEvent } from '../../runtime/index.ts';
import { newestIn } from '../../runtime/store/checkpoints/newest.ts';
import { build, jsonLines, shell, start } from '../cli/millrace.ts';
import { tally } from '../support/tally.ts';

const base = mkdtempSync(join(tmpdir(), 'millrace-signals-'));
beforeAll(build);
afterAll(() => rmSync(base, { recursive: true, force: true }));

const count = tally('ends of processes', { ends: 10, models: 8, checkpoints: 7 });

/** Learns y = 3; what its source does is told by the environment. */
const program = `
import { add, float, from, meanSquaredError, multiply, param, pipeline, sgd } from 'millrace';
const schema = { x: float, y: float };
const [slope, intercept] = [param([]), param([])];
const source = async function* () {
  const count = Number(process.env.COUNT ?? Number.POSITIVE_INFINITY);
  for (let i = 0; i < count; i++) {
    if (i % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 1));
    if (i === 500 && process.env.THEN === 'blocks') for (const end = performance.now() + 1500; performance.now() < end; );
    yield { x: (i % 7) / 7, y: i === 500 && process.env.THEN === 'overflows' ? 3e38 : 3 };
  }
  if (process.env.THEN === 'waits') await new Promise((resolve) => setTimeout(resolve, 1e6));
  if (process.env.THEN === 'fails') throw new Error('the source is gone');
};
export const line = pipeline({
  data: from(schema, source).batch(5),
  model: ({ x }) => add(multiply(slope, x), intercept),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd({ learningRate: 0.1 }),
});
`;
const ofFile = program
  .replace('from(schema, source)', "csv(new URL('./rows.csv', import.meta.url), schema)")
  .replace('from,', 'csv,');

interface Ended {
  readonly status: number | null;
  readonly events: readonly RunEvent[];
  readonly stderr: string;
  readonly folder: string;
}

interface Way {
  readonly env?: NodeJS.ProcessEnv;
  readonly flags?: readonly string[];
  /** Sent, in turn, as soon as `when` holds of what was told so far; default: a batch is over. */
  readonly signals?: readonly NodeJS.Signals[];
  readonly when?: (told: string) => boolean;
  readonly text?: string;
}

let folders = 0;

async function ended(way: Way): Promise<Ended> {
  const { env = {}, flags = [], signals = [], when = (told) => told.includes('batchFinished') } = way;
  const folder = mkdtempSync(join(base, `${folders++}-`));
  writeFileSync(join(folder, 'program.ts'), way.text ?? program);
  if (way.text === ofFile) writeFileSync(join(folder, 'rows.csv'), `x,y\n${'0.5,3\n'.repeat(3_000_000)}`);
  const child = start(folder, ['train', 'program.ts', '--json', '--save', 'model', ...kept, ...flags], env);
  let stdout = '';
  let stderr = '';
  let isSent = signals.length === 0;
  const send = (): void => {
    if (isSent || !when(stdout)) return;
    isSent = true;
    for (const signal of signals) child.kill(signal);
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    send();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  count('ends');
  return { status, events: jsonLines(stdout) as unknown as RunEvent[], stderr, folder };
}

const kept = ['--checkpoint', 'checkpoints', '--every', '20'];

/** The step of the newest checkpoint. */
async function stepKept(folder: string): Promise<number> {
  const newest = await newestIn(join(folder, 'checkpoints'));
  if (newest) count('checkpoints');
  return newest?.generation.step ?? 0;
}

/** What the saved model says of a row. */
async function answer(folder: string): Promise<number> {
  const model = await load(join(folder, 'model'));
  const [answer] = model.predict([{ x: 0.5 }]);
  model.dispose();
  count('models');
  return Number(answer);
}

describe('a signal', () => {
  test.concurrent.each([
    ['SIGTERM', 0],
    ['SIGHUP', 0],
    ['SIGINT', 130],
  ] as const)('%s while it trains', async (signal, code) => {
    const { status, events, folder } = await ended({ signals: [signal] });
    expect(status).toBe(code);
    const last = events.at(-1);
    expect(last?.type).toBe('runCancelled');
    expect(await stepKept(folder)).toBe(last?.step);
    expect(await answer(folder)).toBeGreaterThan(0);
  });

  test.concurrent('while it waits for data that never come', async () => {
    const { status, events, folder } = await ended({
      env: { COUNT: '152', THEN: 'waits' },
      signals: ['SIGTERM'],
      when: (told) => told.includes('"step":30'),
    });
    expect(status).toBe(0);
    expect(events.at(-1)).toMatchObject({ type: 'runCancelled', step: 30 });
    expect(await stepKept(folder)).toBe(30);
    expect(await answer(folder)).toBeGreaterThan(0);
  });

  test.concurrent('while a large file is read', async () => {
    const { status, events, folder } = await ended({
      text: ofFile,
      signals: ['SIGTERM'],
      when: (told) => told.includes('runStarted'),
    });
    expect(status).toBe(0);
    expect(events.at(-1)).toMatchObject({ type: 'runCancelled', step: 0 });
    // There is a model, and it has learned nothing yet.
    await answer(folder);
  });

  test.concurrent('twice, while a row takes long', async () => {
    const { status, events } = await ended({
      env: { THEN: 'blocks' },
      signals: ['SIGINT', 'SIGTERM'],
      when: (told) => told.includes('"step":90'),
    });
    expect([130, 143]).toContain(status);
    expect(events.at(-1)?.type).not.toBe('runFinished');
  });
});

describe('an end', () => {
  test.concurrent('a reader that goes away', async () => {
    const folder = mkdtempSync(join(base, 'pipe-'));
    writeFileSync(join(folder, 'program.ts'), program);
    const line = `set -o pipefail; millrace train program.ts --json --save model ${kept.join(' ')} | head -n 3`;
    const { status, stderr } = shell(folder, line);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    count('ends');
    expect(await stepKept(folder)).toBeGreaterThan(0);
    expect(await answer(folder)).toBeGreaterThan(0);
  });

  test.concurrent('a source that ends early', async () => {
    const { status, events, folder } = await ended({
      // It gives its rows once.
      text: program.replace('from(schema, source)', 'from(schema, source())'),
      env: { COUNT: '503' },
      flags: ['--steps', '1000'],
    });
    expect(status).toBe(0);
    expect(events.at(-1)).toMatchObject({ type: 'runFinished', reason: 'data' });
    expect(await stepKept(folder)).toBe(events.at(-1)?.step);
    expect(await answer(folder)).toBeCloseTo(3, 1);
  });

  test.concurrent('a source that fails after a hundred steps', async () => {
    const { status, events, folder, stderr } = await ended({ env: { COUNT: '500', THEN: 'fails' } });
    expect(status).toBe(1);
    expect(events.at(-1)).toMatchObject({ type: 'runFailed', step: 100, error: { code: 'DAT713' } });
    expect(stderr).toContain('the model as it was before the failure is in model');
    expect(await stepKept(folder)).toBeGreaterThanOrEqual(20);
    expect(await answer(folder)).toBeCloseTo(3, 1);
  });

  test.concurrent('a loss that is no number', async () => {
    const { status, events, folder } = await ended({ env: { THEN: 'overflows' } });
    expect(status).toBe(1);
    expect(events.at(-1)).toMatchObject({ type: 'runFailed', step: 101, error: { code: 'RUN802' } });
    expect(await stepKept(folder)).toBeGreaterThanOrEqual(20);
    const found = await answer(folder);
    expect(Number.isFinite(found)).toBe(true);
    expect(found).toBeCloseTo(3, 1);
  });
});
