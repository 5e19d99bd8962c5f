/** What normalisations promise on the default engine: exact moments, however far from 0, and statistics that settle. */
import { train } from 'millrace/runtime';
import { describe, expect, test } from 'vitest';
import {
  arrays,
  batchNormalization,
  constant,
  groupNormalization,
  layerNormalization,
  multiply,
  param,
  pipeline,
  reshape,
  sgd,
  square,
  sum,
  tensor,
  unitNormalization,
  vector,
} from '../../stdlib/index.ts';
import { randomNumbers } from '../support/random-numbers.ts';

const random = randomNumbers(31);
const rowsOf = (count: number, width: number, shift: number, scale: number): Float32Array =>
  Float32Array.from({ length: count * width }, () => shift + scale * (random() * 2 - 1));

const moments = (values: readonly number[]): { mean: number; variance: number } => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length };
};

describe('layerNormalization', () => {
  // The mean square of numbers near 10,000 has no digits left for a variance of 1/3.
  test.each([0, 100, 10_000])('leaves mean 0 and variance 1 of rows around %d', async (shift) => {
    const data = arrays({ x: vector(64) }, { x: rowsOf(8, 64, shift, 1) });
    const normalize = layerNormalization({ epsilon: 1e-7 });
    const weight = param([], { initializer: constant(1) });
    const { model } = await train(
      pipeline({
        data: data.batch(8),
        model: ({ x }) => multiply(normalize(x), weight),
        loss: (y) => sum(square(y), { axis: -1 }),
        optimizer: sgd({ learningRate: 0 }),
      }),
      { steps: 1 },
    ).finished;
    for (const row of model.predict([{ x: rowsOf(1, 64, shift, 1) }, { x: rowsOf(1, 64, shift, 3) }])) {
      const { mean, variance } = moments(row as number[]);
      expect(Math.abs(mean)).toBeLessThan(1e-2);
      expect(Math.abs(variance - 1)).toBeLessThan(1e-2);
    }
  });
});

describe('batchNormalization', () => {
  const batches = 4;
  const x = rowsOf(batches * 16, 3, 5, 2);

  async function trained(epochs: number) {
    const normalize = batchNormalization({ momentum: 0.5, epsilon: 0 });
    const weight = param([], { initializer: constant(1) });
    return train(
      pipeline({
        data: arrays({ x: vector(3) }, { x }).batch(16),
        model: ({ x }) => multiply(normalize(x), weight),
        loss: (y) => sum(square(y), { axis: -1 }),
        optimizer: sgd({ learningRate: 0 }),
      }),
      { epochs },
    ).finished;
  }

  /** The statistics of one channel of a batch. */
  const channel = (batch: number, at: number): { mean: number; variance: number } =>
    moments(Array.from({ length: 16 }, (_, row) => x[(batch * 16 + row) * 3 + at]!));

  test('standardises over the batch while training, and by moving statistics after', async () => {
    const { model, loss } = await trained(1);
    // Each channel has variance 1 over the batch, and there are three.
    expect(loss).toBeCloseTo(3, 4);
    const expected = [0, 1, 2].map((at) => {
      let [mean, variance] = [0, 1];
      for (let batch = 0; batch < batches; batch++) {
        const seen = channel(batch, at);
        mean = 0.5 * mean + 0.5 * seen.mean;
        variance = 0.5 * variance + 0.5 * seen.variance;
      }
      return (7 - mean) / Math.sqrt(variance);
    });
    const [got] = model.predict([{ x: [7, 7, 7] }]) as number[][];
    got!.forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at]!, 4);
    });
  });

  test('called twice, moves twice, the second time from where the first left it', async () => {
    const normalize = batchNormalization({ momentum: 0.5, epsilon: 0 });
    const weight = param([], { initializer: constant(1) });
    const { model } = await train(
      pipeline({
        data: arrays({ x: vector(3) }, { x }).batch(16),
        model: ({ x }) => ({ one: multiply(normalize(x), weight), other: normalize(multiply(x, 10)) }),
        loss: (y) => sum(square(y.one), { axis: -1 }),
        optimizer: sgd({ learningRate: 0 }),
      }),
      { steps: 1 },
    ).finished;
    const [got] = model.predict([{ x: [7, 7, 7] }]);
    const [again] = model.predict([{ x: [0.7, 0.7, 0.7] }]);
    got!.one.forEach((value, at) => {
      expect(again!.other[at]).toBeCloseTo(value, 5);
      const { mean, variance } = channel(0, at);
      const [first, spread] = [0.5 * mean, 0.5 + 0.5 * variance];
      const moved = 0.5 * first + 0.5 * 10 * mean;
      expect(value).toBeCloseTo((7 - moved) / Math.sqrt(0.5 * spread + 0.5 * 100 * variance), 4);
    });
  });

  test('does not move when it predicts', async () => {
    const { model } = await trained(1);
    const first = model.predict([{ x: [1, 2, 3] }]);
    model.predict(Array.from({ length: 40 }, () => ({ x: [50, 60, 70] })));
    expect(model.predict([{ x: [1, 2, 3] }])).toEqual(first);
  });
});

test('groupNormalization and unitNormalization work on shapes of several axes', async () => {
  const groups = groupNormalization({ groups: 2, epsilon: 1e-7 });
  const unit = unitNormalization();
  const { model } = await train(
    pipeline({
      data: arrays({ x: tensor([3, 4]) }, { x: rowsOf(4, 12, 3, 2) }).batch(4),
      model: ({ x }) => ({ groups: groups(x), unit: unit(reshape(x, ['B', 12])) }),
      loss: (y) => sum(square(y.groups), { axis: [1, 2] }),
      optimizer: sgd({ learningRate: 0 }),
    }),
    { steps: 1 },
  ).finished;
  const values = rowsOf(1, 12, 3, 2);
  const [answer] = model.predict([{ x: values }]) as { groups: number[][]; unit: number[] }[];
  for (const channels of [
    [0, 1],
    [2, 3],
  ]) {
    const { mean, variance } = moments(answer!.groups.flatMap((row) => channels.map((at) => row[at]!)));
    expect(mean).toBeCloseTo(0, 5);
    expect(variance).toBeCloseTo(1, 4);
  }
  expect(answer!.unit.reduce((total, value) => total + value * value, 0)).toBeCloseTo(1, 5);
});
