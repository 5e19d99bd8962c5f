/** What a batch is told to be is what the weights made of it before it was trained on, on every engine. */
import {
  bool,
  float,
  from,
  mean,
  meanSquaredError,
  metric,
  multiply,
  param,
  pipeline,
  sgd,
  sum,
  vector,
} from 'millrace';
import { defineHook, prequentialEvaluation, train } from 'millrace/runtime';
import { expect, test } from 'vitest';
import { refused } from '../support/refused.ts';

const rate = 0.125;
const readings = Array.from({ length: 40 }, (_, i) => ({ x: (i % 5) / 2 - 1, y: (i % 7) / 4 }));

/** Gradient descent on one weight, by hand: the squared error of each row, and then the step. */
function errorsByHand(): number[] {
  let w = 0;
  return readings.map(({ x, y }) => {
    const miss = y - w * x;
    w += rate * 2 * miss * x;
    return miss * miss;
  });
}

test.each(['wasm', 'reference'] as const)('by %s', async (engine) => {
  const weight = param([]);
  const line = pipeline({
    data: from({ x: float, y: float }, () => readings).batch(1),
    model: ({ x }) => multiply(weight, x),
    loss: (z, { y }) => meanSquaredError(y, z),
    metrics: { error: (z, { y }) => meanSquaredError(y, z) },
    optimizer: sgd({ learningRate: rate }),
  });
  const hooks = [prequentialEvaluation({ monitor: 'error', window: 1, every: 1 })];
  const run = train(line, { epochs: 1, hooks, engine });
  const losses: number[] = [];
  const values: number[] = [];
  run.events$.subscribe((event) => {
    if (event.type === 'batchFinished') losses.push(event.loss);
    if (event.type === 'prequentialEvaluated') values.push(event.estimate);
  });
  await run.finished;
  const errors = errorsByHand();
  expect(losses.length).toBe(errors.length);
  expect(values.length).toBe(errors.length);
  for (const [i, error] of errors.entries()) {
    expect(losses[i]).toBeCloseTo(error, 5);
    expect(values[i]).toBeCloseTo(error, 4);
  }
});

test('the metrics of a batch are means over its own rows, however many it has', async () => {
  const weight = param([]);
  const line = pipeline({
    data: from({ x: float, y: float, v: vector(2), good: bool }, () =>
      readings.map((row, i) => ({ ...row, v: [i, -2 * i], good: i % 3 === 0 })),
    ).batch(7),
    model: ({ x }) => multiply(weight, x),
    loss: (z, { y }) => meanSquaredError(y, z),
    metrics: {
      y: (_, { y }) => y,
      v: (_, { v }) => v,
      good: (_, { good }) => good,
      one: (_, { y }) => mean(y, { axis: null }),
      formula: (_, { y }) => metric({ sum: sum(y, { axis: null }) }, ({ sum }) => sum),
    },
    optimizer: sgd({ learningRate: rate }),
  });
  const wants = defineHook({ name: 'wants', events: [], batchMetrics: true, on: () => {} });
  const run = train(line, { epochs: 2, hooks: [wants] });
  const got: unknown[] = [];
  run.events$.subscribe((event) => {
    if (event.type === 'batchFinished') got.push(event.batchMetrics);
  });
  await run.finished;
  const ofRows = (rows: readonly number[], value: (i: number) => number): unknown =>
    expect.closeTo(rows.reduce((all, i) => all + value(i), 0) / rows.length, 4);
  const want = [0, 7, 14, 21, 28, 35].map((first) => {
    const rows = readings.flatMap((_, i) => (i >= first && i < first + 7 ? [i] : []));
    const y = ofRows(rows, (i) => readings[i]?.y ?? Number.NaN);
    return { y, one: y, v: ofRows(rows, (i) => -i / 2), good: ofRows(rows, (i) => Number(i % 3 === 0)) };
  });
  expect(got).toEqual([...want, ...want]);
  const hooks = [prequentialEvaluation({ monitor: 'formula' })];
  expect(await refused(train(line, { epochs: 1, hooks }).finished)).toMatchObject([
    { code: 'RUN805', expected: 'loss, y, v, good, one' },
  ]);
});
