/** What attention, embeddings and positions promise, whatever their parameters are. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf } from '../../compiler/ir/node.ts';
import type { Initializer } from '../../compiler/op/leaf.ts';
import { input, literal } from '../../compiler/op/leaf.ts';
import type { Values } from '../../compiler/op/values.ts';
import type { Shape, Tensor } from '../../dsl/tensor.ts';
import { close } from '../../laws/close.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import {
  embedding,
  multiHeadAttention,
  positionEmbedding,
  sinePositionEncoding,
} from '../../stdlib/index.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const count = tally('sequences', { 'causal cases': 30, permutations: 30 });

const [length, features] = [5, 4];
const x = input('x', [1, length, features], 'float32');
const sequence = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
  minLength: length * features,
  maxLength: length * features,
});

function run(y: Tensor, data: readonly number[], leaf: Node = x): readonly number[] {
  const values: Values = { dtype: leaf.dtype, shape: leaf.shape as number[], data: Float64Array.from(data) };
  return [...evaluate([nodeOf(y)], new Map([[leaf, values]]))[0]!.data];
}

/** Numbers all different, the same each time. */
const scattered: Initializer = (shape) =>
  literal(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(7 * i + 1)),
    shape,
  );

const numbered = (...shape: (number | string)[]): Node & Tensor<Shape, 'int32'> =>
  input('numbers', shape, 'int32') as Node & Tensor<Shape, 'int32'>;

const attend = multiHeadAttention(2, 3, { kernelInitializer: scattered });
const row = (data: readonly number[], at: number): readonly number[] =>
  data.slice(at * features, (at + 1) * features);

describe('multiHeadAttention', () => {
  test('with a causal mask sees nothing that follows', () => {
    const y = attend(x, x, { useCausalMask: true });
    fc.assert(
      fc.property(sequence, sequence, fc.integer({ min: 1, max: length - 1 }), (one, other, at) => {
        const mixed = [...one.slice(0, at * features), ...other.slice(at * features)];
        const [before, after] = [run(y, one), run(y, mixed)];
        expect(after.slice(0, at * features)).toEqual(before.slice(0, at * features));
        count('causal cases');
      }),
      { numRuns: runs(30) },
    );
  });

  test('without one has no sense of order', () => {
    const y = attend(x, x);
    const order = fc.shuffledSubarray([...Array(length).keys()], { minLength: length });
    fc.assert(
      fc.property(sequence, order, (data, places) => {
        const straight = run(y, data);
        const shuffled = run(
          y,
          places.flatMap((at) => row(data, at)),
        );
        places.forEach((from, to) => {
          row(straight, from).forEach((value, i) => {
            expect(close(row(shuffled, to)[i]!, value, 1e-9, 1e-9)).toBe(true);
          });
        });
        count('permutations');
      }),
      { numRuns: runs(30) },
    );
  });

  test('takes masks of rows, and of heads', () => {
    const seen = input('seen', [1, length, length], 'bool');
    const perHead = input('seen', [1, 2, length, length], 'bool');
    expect(attend(x, x, { attentionMask: seen }).shape).toEqual([1, length, features]);
    expect(attend(x, x, x, { attentionMask: perHead, useCausalMask: true }).shape).toEqual([
      1,
      length,
      features,
    ]);
  });

  test('gives as many features as it is told, else as many as the query has', () => {
    const query = input('query', ['B', 3, 8], 'float32');
    const value = input('value', ['B', 7, 6], 'float32');
    expect(multiHeadAttention(2, 3)(query, value).shape).toEqual(['B', 3, 8]);
    expect(multiHeadAttention(2, 3, { outputShape: 5 })(query, value, value).shape).toEqual(['B', 3, 5]);
  });
});

describe('embedding', () => {
  test('gives each number its row, and those outside the nearest', () => {
    const numbers = numbered(6);
    const table = embedding(3, 2, { embeddingsInitializer: scattered });
    const got = run(table(numbers), [0, 1, 2, 0, -5, 9], numbers);
    const rows = [0, 1, 2, 3, 4, 5].map((i) => got.slice(2 * i, 2 * i + 2));
    expect(rows[3]).toEqual(rows[0]);
    expect(rows[4]).toEqual(rows[0]);
    expect(rows[5]).toEqual(rows[2]);
    expect(new Set(rows.slice(0, 3).map(String)).size).toBe(3);
    expect(table(numbered('B', 7)).shape).toEqual(['B', 7, 2]);
  });
});

describe('positions', () => {
  test('are learned once for all rows; a shorter sequence takes the first', () => {
    const place = positionEmbedding(length, { initializer: scattered });
    const two = input('two', [2, length, features], 'float32');
    const zeros = Array.from({ length: 2 * length * features }, () => 0);
    const got = run(place(two), zeros, two);
    expect(got.slice(length * features)).toEqual(got.slice(0, length * features));
    const short = input('short', [1, 2, features], 'float32');
    expect(run(place(short), zeros.slice(0, 2 * features), short)).toEqual(got.slice(0, 2 * features));
  });

  test('as waves follow the formula', () => {
    const got = run(sinePositionEncoding(x, { maxWavelength: 100 }), Array(length * features).fill(9));
    got.forEach((value, i) => {
      const [at, feature] = [Math.floor(i / features), i % features];
      const angle = at / 100 ** ((feature - (feature % 2)) / features);
      expect(value).toBeCloseTo(feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle), 12);
    });
  });
});
