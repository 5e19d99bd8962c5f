/** The examples learn what they are there to learn, on the default engine. */
import { pipeline } from 'millrace';
import { evaluate, train } from 'millrace/runtime';
import { describe, expect, test } from 'vitest';
import { gan } from '../../examples/gan.ts';
import { iris } from '../../examples/iris.ts';
import { line } from '../../examples/linear-regression.ts';
import { goodEnough, learn, power } from '../../examples/live-sensors.ts';
import { mnist } from '../../examples/mnist.ts';
import { wideAndDeep } from '../../examples/wide-and-deep.ts';

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

test('wide-and-deep tells penguins apart, each part by its own optimizer', async () => {
  const { model, validation } = await train(wideAndDeep, { epochs: 20 }).finished;
  expect(validation!.metrics.accuracy).toBeGreaterThanOrEqual(0.96);
  expect(Object.keys(validation!.losses!)).toEqual(['wide', 'deep']);
  model.dispose();
});

describe('gan', () => {
  const distance = (a: readonly number[], b: readonly number[]): number =>
    Math.hypot(...a.map((x, i) => x - b[i]!));

  test('paints digits that differ, and the critic cannot tell them from real ones', async () => {
    const { model, metrics } = await train(gan, { epochs: 6, seed: 1 }).finished;
    // Half of its answers would be right by guessing.
    expect(metrics.told).toBeLessThan(0.82);
    const noise = Array.from({ length: 24 }, (_, i) => ({
      z: Float32Array.from({ length: 64 }, (_, k) => 1.4 * Math.sin(1 + 37 * i + 11 * k * k)),
    }));
    const painted = model.run('paint', noise) as unknown as (readonly number[])[];
    const ink = painted.map((pixels) => pixels.reduce((sum, x) => sum + x, 0) / 784);
    // Digits are white on black: a tenth to a sixth of an image is ink.
    expect(ink.reduce((sum, x) => sum + x, 0) / ink.length).toBeGreaterThan(0.05);
    expect(Math.max(...ink)).toBeLessThan(0.35);
    const apart = painted.slice(1).map((pixels, i) => distance(pixels, painted[i]!));
    expect(apart.reduce((sum, x) => sum + x, 0) / apart.length).toBeGreaterThan(4);
    model.dispose();
  });

  test('a painter that does not learn is told at once', async () => {
    const { data, model, metrics, objectives } = gan.definition;
    const alone = pipeline({ data, model, metrics, objectives: { critic: objectives!.critic! } } as never);
    const result = await train(alone, { epochs: 2, seed: 1 }).finished;
    expect(result.metrics.told).toBeGreaterThan(0.97);
  });
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
