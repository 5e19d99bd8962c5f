/** Predicting: one answer a row whatever the batches, from arrays and from streams, with bad rows refused by number. */
import fc from 'fast-check';
import {
  add,
  bool,
  dense,
  float,
  int,
  less,
  meanSquaredError,
  multiply,
  param,
  pipeline,
  reshape,
  rows,
  sgd,
  stack,
  tensor,
} from 'millrace';
import type { Model } from 'millrace/runtime';
import { predict, train } from 'millrace/runtime';
import { Subject } from 'rxjs';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { refused } from '../support/refused.ts';

const schema = { x: float, n: int, flag: bool, grid: tensor([2, 3]), target: float };
const some = rows(schema, [
  {
    x: 1,
    n: 2,
    flag: true,
    grid: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    target: 1,
  },
]);

async function modelOf() {
  const weight = param([]);
  const both = pipeline({
    data: some.batch(4),
    model: ({ x, n, flag, grid }) => ({ sum: add(multiply(x, 2), weight), above: less(1, x), n, flag, grid }),
    loss: ({ sum }, { target }) => meanSquaredError(target, sum),
    optimizer: sgd({ learningRate: 0 }),
  });
  return (await train(both, { engine: 'reference' }).finished).model;
}

describe('answers', () => {
  test('are plain values, nested as the tensors are', async () => {
    const model = await modelOf();
    const [answer] = predict(model, [
      {
        x: 1.5,
        n: 7,
        flag: false,
        grid: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      },
    ]);
    expect(answer).toEqual({
      sum: 3,
      above: true,
      n: 7,
      flag: false,
      grid: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    });
  });

  test('are the same whatever the batches they are made in', async () => {
    const model = await modelOf();
    const row = fc.record({
      x: fc.integer({ min: -9, max: 9 }),
      n: fc.integer(),
      flag: fc.boolean(),
      grid: fc.constant([0, 1, 2, 3, 4, 5]),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (asked) => {
        const answers = predict(model, asked);
        expect(answers).toEqual(asked.flatMap((row) => predict(model, [row])));
        const streamed: unknown[] = [];
        const source = async function* () {
          yield* asked;
        };
        for await (const answer of predict(model, source())) streamed.push(answer);
        expect(streamed).toEqual(answers);
      }),
    );
  });

  test('come as the rows of a live source come', async () => {
    const model = await modelOf();
    const source = new Subject<{ x: number; n: number; flag: boolean; grid: readonly number[] }>();
    const answers = predict(model, source);
    const first = answers.next();
    source.next({ x: 1, n: 1, flag: true, grid: [0, 0, 0, 0, 0, 0] });
    expect((await first).value).toMatchObject({ sum: 2 });
    await answers.return?.();
    expect(source.observed).toBe(false);
  });

  test('of a single tensor are no records', async () => {
    const one = pipeline({
      data: some.batch(1),
      model: ({ x }) => dense(3)(stack([x])),
      loss: (out, { target }) =>
        meanSquaredError(reshape(stack([target, target, target]), out.shape as never), out),
      optimizer: sgd({ learningRate: 0 }),
    });
    const { model } = await train(one, { engine: 'reference' }).finished;
    expect(predict(model, [{ x: 0 }, { x: 0 }])).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });
});

describe('rows that do not fit are refused by number and column', () => {
  const good = { x: 1, n: 1, flag: true, grid: [1, 2, 3, 4, 5, 6] };
  test.each<[string, object, string, string]>([
    ['a missing column', { x: undefined }, 'DAT702', 'predict: row 2, column x: the value is missing'],
    ['a text', { x: '1' }, 'DAT705', 'predict: row 2, column x: the value is not a number'],
    [
      'a fraction',
      { n: 1.5 },
      'DAT705',
      'predict: row 2, column n: the value is not a whole number of 32 bits',
    ],
    [
      'a number for a truth value',
      { flag: 1 },
      'DAT705',
      'predict: row 2, column flag: the value is not a truth value',
    ],
    [
      'too few numbers',
      { grid: [1, 2, 3] },
      'DAT707',
      "predict: row 2, column grid: the shape of the value differs from the column's",
    ],
    [
      'ragged arrays',
      {
        grid: [
          [1, 2, 3],
          [4, 5],
        ],
      },
      'DAT707',
      "predict: row 2, column grid: the shape of the value differs from the column's",
    ],
    [
      'too deep arrays',
      {
        grid: [
          [[1], [2], [3]],
          [[4], [5], [6]],
        ],
      },
      'DAT705',
      'predict: row 2, column grid: the value is not a number',
    ],
  ])('%s', async (_, change, code, message) => {
    const model: Model = (await modelOf()) as never;
    const bad = [good, good, { ...good, ...change }];
    expect(await refused(() => predict(model, bad as never))).toMatchObject([{ code, message }]);
  });

  test('something that is no row', async () => {
    const model = await modelOf();
    expect(await refused(() => predict(model, [null as never]))).toMatchObject([
      { code: 'DAT705', message: 'predict: row 0 is not an object' },
    ]);
  });
});

test('the types of answers follow the model', async () => {
  const model = await modelOf();
  const ask = () => predict(model, [])[0]!;
  expectTypeOf<ReturnType<typeof ask>['n']>().toEqualTypeOf<number>();
  expectTypeOf<ReturnType<typeof ask>['flag']>().toEqualTypeOf<boolean>();
  expectTypeOf<ReturnType<typeof ask>['grid']>().toEqualTypeOf<readonly (readonly number[])[]>();
});
