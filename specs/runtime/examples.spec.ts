/** The examples learn what they are there to learn, on the default engine. */
import { evaluate, train } from 'millrace/runtime';
import { describe, expect, test } from 'vitest';
import { iris } from '../../examples/iris.ts';
import { line } from '../../examples/linear-regression.ts';
import { goodEnough, learn, power } from '../../examples/live-sensors.ts';
import { mnist } from '../../examples/mnist.ts';

test('linear-regression finds the line', async () => {
  const { model, validation } = await train(line, { epochs: 60 }).finished;
  // The noise is 0.1 · sin: its mean square is 0.005.
  expect(validation!.loss).toBeLessThan(0.008);
  const [zero, one] = model.predict([{ x: 0 }, { x: 1 }]);
  expect(zero).toBeCloseTo(-0.5, 1);
  expect(one! - zero!).toBeCloseTo(3, 1);
});

test('iris tells the kinds apart, over ten seeds', async () => {
  const accuracies: number[] = [];
  for (let seed = 0; seed < 10; seed++) {
    const { validation } = await train(iris, { epochs: 100, seed }).finished;
    accuracies.push(validation!.metrics.accuracy!);
  }
  console.log(`iris: ${accuracies.map((accuracy) => accuracy.toFixed(3)).join(' ')}`);
  expect(accuracies.reduce((a, b) => a + b, 0) / 10).toBeGreaterThanOrEqual(0.95);
  expect(Math.min(...accuracies)).toBeGreaterThanOrEqual(0.86);
});

test('mnist reads digits that it has not seen', async () => {
  const { model, validation } = await train(mnist, { epochs: 8, seed: 1 }).finished;
  expect(validation!.metrics.accuracy).toBeGreaterThanOrEqual(0.94);
  expect((await evaluate(model)).metrics).toEqual(validation!.metrics);
});

describe('live-sensors', () => {
  test('learns until it is good enough', async () => {
    const told: string[] = [];
    const { outcome, reason, steps } = await learn((text) => told.push(text));
    expect(outcome).toBe('finished');
    expect(reason).toMatch(/^the smoothed loss fell to 0\.0/);
    expect(steps).toBeGreaterThan(50);
    expect(told.at(-1)).toMatch(/^runFinished/);
  });

  test('is stopped by its steps as well', async () => {
    const result = await train(power, { steps: 20, hooks: [goodEnough] }).finished;
    expect(result).toMatchObject({ outcome: 'finished', reason: 'steps', steps: 20 });
  });
});
