/** What layers promise: their shapes, parameters and sharing; what dropout leaves out; refusals of what cannot be. */
import { describe, expect, test } from 'vitest';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf, problemsOf } from '../../compiler/ir/node.ts';
import { nodesUnder } from '../../compiler/ir/walk.ts';
import { input, paramCard, runSeed, runStep, training } from '../../compiler/op/leaf.ts';
import type { Values } from '../../compiler/op/values.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import {
  activation,
  dense,
  dropout,
  flatten,
  neg,
  ones,
  relu,
  reshape,
  sequential,
} from '../../stdlib/index.ts';

const real = (...shape: (number | string)[]): Node => input('x', shape, 'float32');

function paramsOf(tensor: Tensor): string[] {
  return nodesUnder([nodeOf(tensor)])
    .flatMap((node) => (node.body ? nodesUnder([node.body]) : [node]))
    .filter((node, i, all) => node.card === paramCard && all.indexOf(node) === i)
    .map((node) => `${node.name} ${node.shape}`)
    .sort();
}

const values = (data: readonly number[], ...shape: number[]): Values => ({
  dtype: 'float32',
  shape,
  data: Float64Array.from(data),
});

describe('dense', () => {
  test('is activation(x · kernel + bias)', () => {
    const x = real(2, 3);
    const y = dense(2, { activation: neg, kernelInitializer: ones, biasInitializer: ones })(x);
    const [got] = evaluate([nodeOf(y)], new Map([[x, values([1, 2, 3, 4, 5, 6], 2, 3)]]));
    expect([...got!.data]).toEqual([-7, -7, -16, -16]);
  });

  test('works along the last axis of any rank, the batch unknown', () => {
    expect(dense(5)(real('B', 3)).shape).toEqual(['B', 5]);
    expect(dense(5)(real('B', 7, 3)).shape).toEqual(['B', 7, 5]);
  });

  test('owns kernel and bias, once however often it is called', () => {
    const layer = dense(4);
    const twice = layer(layer(real('B', 4)));
    expect(paramsOf(twice)).toEqual(['bias 4', 'kernel 4,4']);
    expect(paramsOf(dense(4, { useBias: false })(real('B', 4)))).toEqual(['kernel 4,4']);
    expect(paramsOf(dense(4)(dense(4)(real('B', 4))))).toHaveLength(4);
  });

  test.each([
    ['no units', () => dense(0), 'ARG101'],
    ['a fraction of a unit', () => dense(2.5), 'ARG101'],
    ['a batch of single values', () => dense(2)(real('B')), 'SHP201'],
    ['features that are not known', () => dense(2)(real(3, 'B')), 'SHP207'],
  ])('refuses %s', (_, make, code) => {
    expect(make).toThrow(DiagnosticError);
    expect(make).toThrow(code);
  });

  test('refuses other features the second time, and says what it met', () => {
    const layer = dense(2);
    layer(real('B', 3));
    const [problem] = problemsOf(nodeOf(layer(real('B', 4))));
    expect(problem).toMatchObject({ code: 'SHP201', message: 'matmul cannot contract 4 with 3' });
  });
});

describe('dropout', () => {
  const size = 10_000;
  const x = real(size);
  const feeds = (seed: number, step: number, isTraining: boolean): Map<Node, Values> =>
    new Map([
      [
        x,
        values(
          Array.from({ length: size }, () => 2),
          size,
        ),
      ],
      [runSeed, { dtype: 'int32', shape: [2], data: Float64Array.of(seed, 0) }],
      [runStep, { dtype: 'int32', shape: [], data: Float64Array.of(step) }],
      [training, { dtype: 'bool', shape: [], data: Float64Array.of(Number(isTraining)) }],
    ]);
  const run = (rate: number, ...at: Parameters<typeof feeds>): number[] => [
    ...evaluate([nodeOf(dropout(rate)(x))], feeds(...at))[0]!.data,
  ];

  test('leaves out its share and makes up for it; the mean stays', () => {
    for (const rate of [0.1, 0.5, 0.8]) {
      const y = run(rate, 7, 3, true);
      const left = y.filter((value) => value === 0).length / size;
      expect(Math.abs(left - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / size));
      expect(y.every((value) => value === 0 || Math.abs(value - 2 / (1 - rate)) < 1e-6)).toBe(true);
    }
  });

  test('depends on the seed and the step, and on nothing else', () => {
    expect(run(0.5, 7, 3, true)).toEqual(run(0.5, 7, 3, true));
    expect(run(0.5, 7, 3, true)).not.toEqual(run(0.5, 7, 4, true));
    expect(run(0.5, 7, 3, true)).not.toEqual(run(0.5, 8, 3, true));
  });

  test('does nothing outside training, and nothing at rate 0', () => {
    expect(new Set(run(0.5, 7, 3, false))).toEqual(new Set([2]));
    expect(dropout(0)(x)).toBe(x);
  });

  test('shares its choices along the axes of size 1 of noiseShape', () => {
    const rows = real(4, 50);
    const y = dropout(0.5, { noiseShape: [null, 1] })(rows);
    const at = feeds(7, 3, true).set(
      rows,
      values(
        Array.from({ length: 200 }, () => 1),
        4,
        50,
      ),
    );
    const [got] = evaluate([nodeOf(y)], at);
    for (let row = 0; row < 4; row++) expect(new Set(got!.data.slice(row * 50, row * 50 + 50)).size).toBe(1);
  });

  test.each([-0.1, 1, Number.NaN])('refuses the rate %s', (rate) => {
    expect(() => dropout(rate)).toThrow('ARG101');
  });
});

test('flatten and reshape leave the batch alone', () => {
  expect(flatten()(real('B', 4, 5)).shape).toEqual(['B', 20]);
  expect(flatten()(real('B')).shape).toEqual(['B', 1]);
  expect(reshape([2, -1])(real('B', 20)).shape).toEqual(['B', 2, 10]);
  expect(reshape(real('B', 20), ['B', 4, 5]).shape).toEqual(['B', 4, 5]);
  expect(problemsOf(nodeOf(reshape([3])(real('B', 20))))).toMatchObject([{ code: 'SHP204' }]);
});

test('sequential is composition, activation a function as a layer', () => {
  const x = real(1, 2);
  const model = sequential(dense(3, { kernelInitializer: ones }), activation(relu), neg, sequential());
  const [got] = evaluate([nodeOf(model(x))], new Map([[x, values([2, 3], 1, 2)]]));
  expect([...got!.data]).toEqual([-5, -5, -5]);
  expect(paramsOf(model(x))).toEqual(['bias 3', 'kernel 2,3']);
});
