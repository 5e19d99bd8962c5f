/** What a batch is told to be is what the weights made of it before it was trained on, on every engine. */
import { float, from, meanSquaredError, multiply, param, pipeline, sgd } from 'millrace';
import { prequentialEvaluation, train } from 'millrace/runtime';
import { expect, test } from 'vitest';

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
