/** Losses and metrics: one value a row whatever the batches, sums that are exact over a dataset, refusals of what does not fit. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf, problemsOf } from '../../compiler/ir/node.ts';
import { input } from '../../compiler/op/leaf.ts';
import type { Metric } from '../../compiler/op/metric.ts';
import type { Values } from '../../compiler/op/values.ts';
import type { DType, Tensor } from '../../dsl/tensor.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import {
  adam,
  binaryAccuracy,
  binaryCrossentropy,
  categoricalCrossentropy,
  meanAbsoluteError,
  meanSquaredError,
  precision,
  recall,
  rootMeanSquaredError,
  sgd,
  sparseCategoricalAccuracy,
  sparseCategoricalCrossentropy,
} from '../../stdlib/index.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const count = tally('losses and metrics', { datasets: 300 });

const leaf = (dtype: DType, ...shape: (number | string)[]): Node => input('x', shape, dtype);
const vector = (data: readonly number[], dtype: DType): Values => ({
  dtype,
  shape: [data.length],
  data: Float64Array.from(data),
});

/** The totals of a metric over batches of the given size, put into its formula. */
function judged(
  metric: (yTrue: Tensor, yPred: Tensor) => Metric,
  truth: readonly number[],
  predicted: readonly number[],
  batch: number,
): number {
  const [yTrue, yPred] = [leaf('bool', 'B'), leaf('float32', 'B')];
  const { sums, result } = metric(yTrue, yPred);
  const names = Object.keys(sums);
  const totals = names.map(() => 0);
  for (let from = 0; from < truth.length; from += batch) {
    const rows = truth.slice(from, from + batch);
    const feeds = new Map([
      [yTrue, vector(rows, 'bool')],
      [yPred, vector(predicted.slice(from, from + batch), 'float32')],
    ]);
    const parts = evaluate(
      names.map((name) => nodeOf(sums[name]!)),
      feeds,
      { B: rows.length },
    );
    parts.forEach((part, i) => {
      totals[i] = totals[i]! + part.data[0]!;
    });
  }
  const held = names.map(() => leaf('float32'));
  const formula = result(Object.fromEntries(names.map((name, i) => [name, held[i]!])));
  const feeds = new Map(held.map((node, i) => [node, { ...vector([totals[i]!], 'float32'), shape: [] }]));
  return evaluate([nodeOf(formula)], feeds)[0]!.data[0]!;
}

const dataset = fc.integer({ min: 1, max: 40 }).chain((rows) =>
  fc.record({
    truth: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: rows, maxLength: rows }),
    predicted: fc.array(
      fc.integer({ min: 0, max: 8 }).map((x) => x / 8),
      { minLength: rows, maxLength: rows },
    ),
    batch: fc.integer({ min: 1, max: rows }),
  }),
);

describe('metrics with a formula are exact over the dataset, whatever the batches', () => {
  const both = (truth: readonly number[], yes: readonly boolean[]): number =>
    truth.filter((y, i) => y === 1 && yes[i]).length;

  test.each([
    ['precision', precision, (t: number[], yes: boolean[]) => [both(t, yes), yes.filter(Boolean).length]],
    ['recall', recall, (t: number[], yes: boolean[]) => [both(t, yes), t.filter((y) => y === 1).length]],
  ] as const)('%s', (_, metric, counted) => {
    fc.assert(
      fc.property(dataset, ({ truth, predicted, batch }) => {
        const [hits, all] = counted(
          truth,
          predicted.map((p) => p > 0.5),
        ) as [number, number];
        expect(judged(metric, truth, predicted, batch)).toBeCloseTo(all === 0 ? 0 : hits / all, 12);
        count('datasets');
      }),
      { numRuns: runs(100) },
    );
  });

  test('rootMeanSquaredError', () => {
    fc.assert(
      fc.property(dataset, ({ truth, predicted, batch }) => {
        const squares = truth.reduce((total, y, i) => total + (y - predicted[i]!) ** 2, 0);
        const want = Math.sqrt(squares / truth.length);
        expect(judged(rootMeanSquaredError, truth, predicted, batch)).toBeCloseTo(want, 12);
        count('datasets');
      }),
      { numRuns: runs(100) },
    );
  });

  test('a threshold moves what counts as yes', () => {
    const strict = (yTrue: Tensor, yPred: Tensor): Metric => precision(yTrue, yPred, { threshold: 0.9 });
    expect(judged(strict, [1, 0, 0], [0.95, 0.8, 0.2], 2)).toBe(1);
    expect(judged(precision, [1, 0, 0], [0.95, 0.8, 0.2], 2)).toBe(0.5);
  });
});

test('each judges a row by itself: one value a row, the batch unknown', () => {
  const [numbers, scores] = [leaf('float32', 'B'), leaf('float32', 'B', 3)];
  const [label, bits] = [leaf('int32', 'B'), leaf('bool', 'B')];
  for (const value of [
    meanSquaredError(numbers, leaf('float32', 'B', 1)),
    meanAbsoluteError(numbers, numbers),
    meanSquaredError(label, leaf('float32', 'B', 1)),
    binaryCrossentropy(bits, leaf('float32', 'B', 1), { fromLogits: true }),
    binaryAccuracy(bits, numbers),
    categoricalCrossentropy(scores, scores),
    sparseCategoricalCrossentropy(label, scores),
    sparseCategoricalAccuracy(label, scores),
  ]) {
    expect(value.shape).toEqual(['B']);
    expect(value.dtype).toBe('float32');
  }
});

test('a class that does not exist gives NaN, never a quiet number; an ignored one gives 0', () => {
  const [labels, scores] = [leaf('int32', 4), leaf('float32', 4, 2)];
  const loss = sparseCategoricalCrossentropy(labels, scores, { fromLogits: true, ignoreClass: 7 });
  const [got] = evaluate(
    [nodeOf(loss)],
    new Map([
      [labels, vector([0, 2, -1, 7], 'int32')],
      [scores, { ...vector([0, 0, 0, 0, 0, 0, 0, 0], 'float32'), shape: [4, 2] }],
    ]),
  );
  expect([...got!.data]).toEqual([Math.LN2, Number.NaN, Number.NaN, 0]);
});

describe('what does not fit is refused', () => {
  const codesOf = (make: () => Tensor | Metric): string[] => {
    try {
      const made = make();
      return 'sums' in made ? [] : problemsOf(nodeOf(made)).map(({ code }) => code);
    } catch (error) {
      if (error instanceof DiagnosticError) return error.diagnostics.map(({ code }) => code);
      throw error;
    }
  };
  const real = (...shape: (number | string)[]): Node => leaf('float32', ...shape);

  test.each([
    ['other columns', () => meanSquaredError(real('B', 2), real('B', 3)), 'SHP201'],
    ['every row with every other', () => meanSquaredError(real('B'), real('B', 3)), 'SHP201'],
    ['classes for truths', () => binaryCrossentropy(real('B'), real('B', 3)), 'SHP201'],
    ['numbers for shares', () => categoricalCrossentropy(leaf('int32', 'B'), real('B', 3)), 'SHP201'],
    ['shares for numbers', () => sparseCategoricalCrossentropy(real('B', 3), real('B', 3)), 'DTY301'],
    [
      'labels of another batch',
      () => sparseCategoricalCrossentropy(leaf('int32', 4), real('B', 3)),
      'SHP201',
    ],
    [
      'an axis that is not there',
      () => sparseCategoricalCrossentropy(leaf('int32', 'B'), real('B', 3), { axis: 2 }),
      'SHP203',
    ],
    ['certainty beyond 1', () => binaryCrossentropy(real('B'), real('B'), { labelSmoothing: 2 }), 'ARG102'],
    ['a metric of other rows', () => precision(real('B', 2), real('B', 3)), 'SHP201'],
    ['a mistyped metric', () => rootMeanSquaredError(real('B'), leaf('int32', 'B')), 'DTY301'],
  ])('%s', (_, make, code) => {
    expect(codesOf(make)).toEqual([code]);
  });

  test.each([
    ['a negative rate', () => sgd({ learningRate: -1 })],
    ['no rate', () => adam({ learningRate: Number.NaN })],
    ['momentum without loss', () => sgd({ momentum: 1 })],
    ['memory without loss', () => adam({ beta2: 1 })],
  ])('%s of an optimizer', (_, make) => {
    expect(make).toThrow('ARG102');
  });
});
