/** Where parameters start: bounds, means and spreads, as the formulas of Glorot, He and LeCun say. */
import { describe, expect, test } from 'vitest';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf } from '../../compiler/ir/node.ts';
import type { Initializer } from '../../compiler/op/leaf.ts';
import { runSeed, runStep } from '../../compiler/op/leaf.ts';
import type { Values } from '../../compiler/op/values.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  normal,
  ones,
  truncatedNormal,
  uniform,
  varianceScaling,
  zeros,
} from '../../stdlib/index.ts';
import { tally } from '../support/tally.ts';

const count = tally('initializers', { values: 100_000 });

function drawn(initializer: Initializer, shape: readonly number[]): number[] {
  const feeds = new Map<Node, Values>([
    [runSeed, { dtype: 'int32', shape: [2], data: Float64Array.of(11, 5) }],
    [runStep, { dtype: 'int32', shape: [], data: Float64Array.of(0) }],
  ]);
  const data = [...evaluate([nodeOf(initializer(shape))], feeds)[0]!.data];
  count('values', data.length);
  return data;
}

/** The k-th moment about the mean m. */
const moment = (xs: readonly number[], k: number, m = 0): number =>
  xs.reduce((total, x) => total + (x - m) ** k, 0) / xs.length;

const shape = [100, 200];
const n = 20_000;

function expectMoments(xs: readonly number[], mean: number, variance: number, kurtosis: number): void {
  expect(Math.abs(moment(xs, 1) - mean)).toBeLessThan(5 * Math.sqrt(variance / n));
  expect(Math.abs(moment(xs, 2, mean) / variance - 1)).toBeLessThan(5 * Math.sqrt((kurtosis - 1) / n));
  expect(Math.abs(moment(xs, 4, mean) / variance ** 2 - kurtosis)).toBeLessThan(0.25);
}

/** Kurtosis of the even distribution, the normal one, and the normal one cut off at ±2. */
const [even, bell, cut] = [1.8, 3, 2.3655];

describe('fixed values', () => {
  test.each([
    ['zeros', zeros, 0],
    ['ones', ones, 1],
    ['constant', constant(2.5), 2.5],
  ])('%s', (_, initializer, value) => {
    expect(new Set(drawn(initializer, [3, 4]))).toEqual(new Set([value]));
  });
});

describe('even distributions', () => {
  test.each([
    ['uniform', uniform(), -0.05, 0.05],
    ['uniform from 1 to 3', uniform({ min: 1, max: 3 }), 1, 3],
    ['glorotUniform', glorotUniform(), -Math.sqrt(6 / 300), Math.sqrt(6 / 300)],
    ['heUniform', heUniform(), -Math.sqrt(6 / 100), Math.sqrt(6 / 100)],
    ['lecunUniform', lecunUniform(), -Math.sqrt(3 / 100), Math.sqrt(3 / 100)],
  ])('%s', (_, initializer, low, high) => {
    const xs = drawn(initializer, shape);
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(low - 1e-9);
    expect(Math.max(...xs)).toBeLessThanOrEqual(high + 1e-9);
    expectMoments(xs, (low + high) / 2, (high - low) ** 2 / 12, even);
  });
});

describe('normal distributions', () => {
  test.each([
    ['normal', normal(), 0, 0.05 ** 2],
    ['normal around 2', normal({ mean: 2, stddev: 3 }), 2, 9],
    ['varianceScaling, normal', varianceScaling({ mode: 'fanOut', distribution: 'normal' }), 0, 1 / 200],
  ])('%s', (_, initializer, mean, variance) => {
    expectMoments(drawn(initializer, shape), mean, variance, bell);
  });

  const within2 = 0.87962566103423978 ** 2;
  test.each([
    ['truncatedNormal', truncatedNormal(), 0.05 ** 2 * within2, 0.1],
    ['glorotNormal', glorotNormal(), 2 / 300, 2 * Math.sqrt(2 / 300 / within2)],
    ['heNormal', heNormal(), 2 / 100, 2 * Math.sqrt(2 / 100 / within2)],
    ['lecunNormal', lecunNormal(), 1 / 100, 2 * Math.sqrt(1 / 100 / within2)],
  ])('%s, cut off at two deviations', (_, initializer, variance, limit) => {
    const xs = drawn(initializer, shape);
    expect(Math.max(...xs.map(Math.abs))).toBeLessThanOrEqual(limit * (1 + 1e-6));
    expectMoments(xs, 0, variance, cut);
  });
});

test('a kernel of a convolution counts its field in both fans', () => {
  const xs = drawn(heUniform(), [3, 3, 4, 8]);
  expect(Math.max(...xs.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / 36));
  expect(Math.max(...xs.map(Math.abs))).toBeGreaterThan(0.9 * Math.sqrt(6 / 36));
});
