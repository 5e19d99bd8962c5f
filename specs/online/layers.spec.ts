/** What a stream is fed through: running moments against those of all rows at once, and buckets that numbers spread over. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/index.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf, problemsOf } from '../../compiler/ir/node.ts';
import { input } from '../../compiler/op/leaf.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import type { Engine, Session } from '../../runtime/engines/engine.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import { reference } from '../../runtime/engines/reference/index.ts';
import { wasmEngine } from '../../runtime/engines/wasm/index.ts';
import { train } from '../../runtime/index.ts';
import { LoadedPipeline } from '../../runtime/run/loaded-pipeline.ts';
import {
  arrays,
  constant,
  embedding,
  hashing,
  int,
  multiply,
  param,
  pipeline,
  rows as rowsOf,
  runningNormalization,
  sgd,
  square,
  sum,
  vector,
} from '../../stdlib/index.ts';
import { runs } from '../support/effort.ts';
import { randomNumbers } from '../support/random-numbers.ts';
import { tally } from '../support/tally.ts';

const count = tally('layers of streams', { batches: 600, moments: 2000, numbers: 300_000 });

const width = 3;

/** A layer in a program, one step at a time. */
async function stepping(engine: Engine, options: { forget?: number }) {
  const normalize = runningNormalization(options);
  const weight = param([], { initializer: constant(1), name: 'weight' });
  const compiled = compile(
    pipeline({
      data: arrays({ x: vector(width) }, { x: [[0, 0, 0]] }).batch(64),
      model: ({ x }) => multiply(normalize(x), weight),
      loss: (y) => sum(square(y), { axis: -1 }),
      optimizer: sgd({ learningRate: 0 }),
    }),
  );
  const session: Session = await engine.load(compiled.module);
  new LoadedPipeline(compiled, session).initialise(1);
  const run = (program: string, batch: readonly (readonly number[])[]): number[] => {
    const { inputs, outputs, run } = session.program(program);
    inputs.x!.set(batch.flat());
    run(batch.length);
    const [first] = Object.values(outputs);
    return [...first!];
  };
  return {
    session,
    step: (batch: readonly (readonly number[])[]) => run(compiled.contract.step.program, batch),
    predict: (batch: readonly (readonly number[])[]) => run(compiled.contract.predict.program, batch),
    read: (name: string) => [...session.read(`runningNormalization.${name}`)],
  };
}

/** Mean and variance of weighted values: the definition. */
function moments(
  values: readonly number[],
  weights: readonly number[],
): readonly [mean: number, variance: number] {
  const total = weights.reduce((a, b) => a + b, 0);
  const over = (of: (value: number) => number): number =>
    values.reduce((all, value, i) => all + of(value) * weights[i]!, 0) / total;
  const mean = over((value) => value);
  return [mean, over((value) => (value - mean) ** 2)];
}

const batches = fc.array(fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 1, maxLength: 12 }), {
  minLength: 1,
  maxLength: 12,
});

describe.each([
  ['reference', reference],
  ['wasm', wasmEngine({ threads: 1 })],
] as const)('runningNormalization on %s', (_, engine) => {
  test.each([0, 0.1])('keeps the moments of all rows at once, forget %d', async (forget) => {
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.constantFrom(0, 3, 300),
        fc.constantFrom(0.1, 1, 20),
        async (drawn, shift, scale) => {
          const { session, step, predict, read } = await stepping(engine, { forget });
          const stream = drawn.map((rows) =>
            rows.map((row) =>
              row.map((value, at) => Math.fround(shift + scale * (((value % 1000) / 500) * (at + 1) - 1))),
            ),
          );
          const seen: { row: number[]; batch: number }[] = [];
          for (const [i, batch] of stream.entries()) {
            const [loss] = step(batch);
            seen.push(...batch.map((row) => ({ row, batch: i })));
            const weights = seen.map(({ batch }) => (1 - forget) ** (i - batch));
            const got = { mean: read('mean'), variance: read('variance'), count: read('count') };
            expect(got.count[0]).toBeCloseTo(
              weights.reduce((a, b) => a + b, 0),
              3,
            );
            // float32 holds the values, too.
            const size = shift + scale * (width + 1);
            let squares = 0;
            for (let at = 0; at < width; at++) {
              const [mean, variance] = moments(
                seen.map(({ row }) => row[at]!),
                weights,
              );
              expect(Math.abs(got.mean[at]! - mean)).toBeLessThan(2e-6 * size);
              expect(Math.abs(got.variance[at]! - variance)).toBeLessThan(
                2e-5 * variance + 4e-6 * size * (Math.sqrt(variance) + 1e-5 * size),
              );
              squares += batch.reduce(
                (all, row) => all + (row[at]! - got.mean[at]!) ** 2 / (got.variance[at]! + 1e-6),
                0,
              );
              count('moments');
            }
            // Training saw the same numbers as predicting does afterwards.
            expect(Math.abs(loss! - squares / batch.length)).toBeLessThan(1e-3 * (1 + loss!));
            const again = predict(batch);
            const total =
              again.slice(0, batch.length * width).reduce((all, y) => all + y * y, 0) / batch.length;
            expect(Math.abs(total - loss!)).toBeLessThan(1e-4 * (1 + loss!));
            count('batches');
          }
          session.dispose();
        },
      ),
      { numRuns: runs(40) },
    );
  });

  test('is what it was before the first batch, then what the rows say, however they are batched', async () => {
    const random = randomNumbers(61);
    const rows = Array.from({ length: 448 }, () => Array.from({ length: width }, () => 10_000 + random()));
    const results: number[][] = [];
    for (const size of [1, 7, 64]) {
      const { session, step, predict, read } = await stepping(engine, {});
      expect(predict([[3, -2, 0]]).slice(0, 3)).toEqual([3, -2, 0].map((x) => expect.closeTo(x, 4)));
      for (let at = 0; at < rows.length; at += size) step(rows.slice(at, at + size));
      const before = read('mean');
      predict(rows.slice(0, 60));
      expect(read('mean')).toEqual(before);
      results.push([...read('count'), ...read('variance').map((v) => v * 12)]);
      session.dispose();
    }
    for (const [rowsSeen, ...variances] of results) {
      expect(rowsSeen).toBe(448);
      // Uniform numbers around 10,000, whose float32 has steps of 0.001.
      for (const variance of variances) expect(Math.abs(variance - 1)).toBeLessThan(0.15);
    }
  });
});

describe('hashing', () => {
  const leaf = (size: number) => input('x', [size], 'int32') as Node & Tensor<readonly [number], 'int32'>;

  function bucketsOf(ids: readonly number[], options: { buckets: number; seed?: number }): number[] {
    const x = leaf(ids.length);
    const values = { dtype: 'int32' as const, shape: [ids.length], data: Float64Array.from(ids) };
    count('numbers', ids.length);
    return [...evaluate([nodeOf(hashing(x, options))], new Map([[x, values]]))[0]!.data];
  }

  test.each([1, 2, 10, 64, 1000])('spreads numbers of any pattern over %d buckets', (buckets) => {
    const patterns: Readonly<Record<string, (i: number) => number>> = {
      counted: (i) => i,
      negative: (i) => -i,
      even: (i) => 2 * i,
      'in steps of a power of two': (i) => (i * 65_536) | 0,
      'in steps of the buckets': (i) => i * buckets,
    };
    for (const [pattern, at] of Object.entries(patterns))
      for (const seed of [0, 1]) {
        const ids = [...new Set(Array.from({ length: 8000 }, (_, i) => at(i)))];
        const filled = new Array<number>(buckets).fill(0);
        for (const bucket of bucketsOf(ids, { buckets, seed })) filled[bucket]!++;
        const expected = ids.length / buckets;
        const chiSquare = filled.reduce((all, n) => all + (n - expected) ** 2 / expected, 0);
        const freedom = buckets - 1;
        // Five standard deviations of chi-square; a bijection may spread more evenly than chance.
        expect(chiSquare, `${pattern}, seed ${seed}`).toBeLessThanOrEqual(
          freedom + 5 * Math.sqrt(2 * freedom),
        );
      }
  });

  test('pairs that share a bucket part with another seed', () => {
    const ids = Array.from({ length: 2000 }, (_, i) => i);
    const [one, other] = [0, 1].map((seed) => bucketsOf(ids, { buckets: 100, seed }));
    let [pairs, both] = [0, 0];
    for (let i = 0; i < ids.length; i++)
      for (let j = i + 1; j < ids.length; j++)
        if (one![i] === one![j]) {
          pairs++;
          if (other![i] === other![j]) both++;
        }
    expect(pairs).toBeGreaterThan(15_000);
    expect(both / pairs).toBeGreaterThan(0.005);
    expect(both / pairs).toBeLessThan(0.015);
  });

  test('indexes an embedding in a run, the same on every engine', async () => {
    const predicted = async (engine: 'wasm' | 'reference') => {
      const table = embedding(50, 4);
      const ids = Array.from({ length: 30 }, (_, i) => ({ id: (i * 123_456_789) | 0 }));
      const { model } = await train(
        pipeline({
          data: rowsOf({ id: int }, ids).batch(8),
          model: ({ id }) => table(hashing(id, { buckets: 50 })),
          loss: (y) => sum(square(y), { axis: -1 }),
          optimizer: sgd({ learningRate: 0.1 }),
        }),
        { epochs: 2, seed: 4, engine },
      ).finished;
      return model.predict(ids) as number[][];
    };
    const [fast, exact] = [await predicted('wasm'), await predicted('reference')];
    expect(fast).toEqual(exact.map((row) => row.map((value) => expect.closeTo(value, 5))));
    expect(new Set(fast.map(String)).size).toBeGreaterThan(15);
  });

  test.each([{ buckets: 0 }, { buckets: 2 ** 31 }, { buckets: 1.5 }])('%o are refused', (options) => {
    expect(problemsOf(nodeOf(hashing(leaf(2), options)))).toMatchObject([{ code: 'ARG102' }]);
  });
});
