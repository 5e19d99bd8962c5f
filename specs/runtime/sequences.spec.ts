/** Columns of sequences: rows of any length, batches as long as their longest row, the same answers whatever they are padded to. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Batches, BatchOptions, Dataset } from 'millrace';
import {
  add,
  arrays,
  bool,
  cast,
  category,
  csv,
  dense,
  divide,
  expandDims,
  float,
  from,
  int,
  jsonLines,
  lengthsOf,
  log,
  maskOf,
  maximum,
  meanSquaredError,
  multiply,
  pipeline,
  program,
  rows,
  sequence,
  sgd,
  squeeze,
  sum,
  tensor,
  vector,
} from 'millrace';
import type { RunEvent } from 'millrace/runtime';
import {
  checkpoint,
  describe as described,
  evaluate,
  first,
  iterateBatches,
  load,
  toArray,
  train,
} from 'millrace/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contractFrom } from '../../runtime/store/model/contract-file.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('sequences', { rows: 80, models: 15, buckets: 60, resumed: 8 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-sequences-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Walk {
  readonly x: readonly (readonly number[])[];
  readonly y: number;
}
const schema = { x: sequence(vector(2), { max: 12 }), y: float };
const real = fc.integer({ min: -40, max: 40 }).map((n) => n / 8);
const walk: fc.Arbitrary<Walk> = fc.record({
  x: fc.array(fc.tuple(real, real), { maxLength: 12 }),
  y: real,
});

/** The mean over what is there of a layer of each item, and what that is trained to be. */
function lineOf(data: Dataset<typeof schema>, size: number, options: BatchOptions = {}) {
  return lineOver(data.paddedBatch(size, options));
}

function lineOver(data: Batches<typeof schema>) {
  const [item, last] = [dense(3), dense(1)];
  return pipeline({
    data,
    model: ({ x }) => {
      const shown = multiply(item(x), expandDims(cast(maskOf(x), 'float32'), { axis: 2 }));
      const many = maximum(cast(lengthsOf(x), 'float32'), 1);
      const mean = divide(sum(shown, { axis: 1 }), expandDims(many, { axis: 1 }));
      return { y: squeeze(last(mean), { axis: 1 }), items: shown, many: lengthsOf(x) };
    },
    loss: ({ y: predicted }, { y }) => meanSquaredError(y, predicted),
    optimizer: sgd({ learningRate: 0.01 }),
  });
}

describe('what a model computes', () => {
  test('is what it is for each row alone, whatever rows and lengths it comes with', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(walk, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(undefined, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [5], [12], [40, 7]),
        fc.constantFrom('wasm' as const, 'reference' as const),
        async (given, size, lengths, engine) => {
          const { model } = await train(lineOf(rows(schema, given), size, { lengths }), { steps: 2, engine })
            .finished;
          const [kernel, bias] = ['dense.kernel', 'dense.bias'].map(
            (name) => model.weights.get(name)?.values,
          );
          const [out, offset] = ['dense_1.kernel', 'dense_1.bias'].map(
            (name) => model.weights.get(name)?.values,
          );
          const answers = model.predict(given as never);
          for (const [row, { x }] of given.entries()) {
            const items = x.map(([a = 0, b = 0]) =>
              [0, 1, 2].map(
                (unit) => a * (kernel?.[unit] ?? 0) + b * (kernel?.[3 + unit] ?? 0) + (bias?.[unit] ?? 0),
              ),
            );
            const mean = [0, 1, 2].map(
              (unit) => items.reduce((all, item) => all + (item[unit] ?? 0), 0) / Math.max(1, x.length),
            );
            const y = mean.reduce((all, value, unit) => all + value * (out?.[unit] ?? 0), offset?.[0] ?? 0);
            const answer = answers[row] as unknown as { y: number; items: number[][]; many: number };
            expect(answer.y).toBeCloseTo(y, 3);
            expect(answer.many).toBe(x.length);
            expect(answer.items).toHaveLength(x.length);
            for (const [at, item] of items.entries())
              for (const [unit, value] of item.entries())
                expect(answer.items[at]?.[unit]).toBeCloseTo(value, 3);
            count('rows');
          }
          count('models');
        },
      ),
      { numRuns: runs(25) },
    );
  });

  const some = Array.from({ length: 50 }, (_, i) => ({
    x: Array.from({ length: (i * 5) % 13 }, (_, k) => [Math.sin(i + k), Math.cos(k)]),
    y: Math.sin(i),
  }));

  test('is learned the same at all lengths, in threads, and from a stream', async () => {
    const trained = async (options: BatchOptions, data = rows(schema, some), threads = 1) => {
      const { model, loss } = await train(lineOf(data, 7, options), { epochs: 4, threads }).finished;
      return [loss, ...[...model.weights.values()].flatMap(({ values }) => [...values])];
    };
    const whole = await trained({ lengths: [12] });
    const stream = from(schema, () => some.values());
    for (const other of [
      await trained({}),
      await trained({ lengths: [2, 3, 5, 7] }),
      await trained({}, stream),
      await trained({}, rows(schema, some), 2),
    ]) {
      for (const [at, value] of other.entries()) expect(value).toBeCloseTo(whole[at] ?? Number.NaN, 5);
    }
    expect(await trained({}, stream)).toEqual(await trained({}));
  });

  test('outlives saving, loading and a crash', async () => {
    const stream = () => from(schema, () => some.values());
    for (const [name, made] of Object.entries({
      padded: () => lineOf(rows(schema, some).shuffle(), 7),
      bucketed: () =>
        lineOver(
          stream()
            .shuffle({ buffer: 9 })
            .bucketBatch(7, { lengths: [3, 6] }),
        ),
    })) {
      const whole = await train(made(), { epochs: 3 }).finished;
      for (const steps of [1, 8, 9, 20]) {
        const directory = join(folder, `${name}-${steps}`);
        const hooks = () => [checkpoint(directory, { every: [1, 'steps'] })];
        await train(made(), { epochs: 3, steps, hooks: hooks() }).finished;
        const events: RunEvent[] = [];
        const run = train(made(), { epochs: 3, hooks: hooks(), resume: true });
        run.events$.subscribe((event) => events.push(event));
        const rest = await run.finished;
        expect(events[0]).toMatchObject({ type: 'runResumed', exact: true });
        expect([...rest.model.weights]).toEqual([...whole.model.weights]);
        count('resumed');
      }
    }
    const made = () => lineOf(rows(schema, some).shuffle(), 7);
    const whole = await train(made(), { epochs: 3 }).finished;
    await whole.model.save(join(folder, 'model'));
    const again = await load(join(folder, 'model'));
    expect(again.predict(some as never)).toEqual(whole.model.predict(some as never));
    expect(await evaluate(again, made())).toEqual(await evaluate(whole.model, made()));
    await expect(whole.model.export(join(folder, 'out'))).rejects.toMatchObject({
      diagnostics: [{ code: 'RUN808' }],
    });
    await whole.model.export(join(folder, 'weights'), { format: 'safetensors' });
  });

  test('is refused at the row and the line that make it infinite', async () => {
    const bad = some.map((row, i) =>
      i === 17
        ? {
            ...row,
            x: [
              [1, 1],
              [-3, 1],
            ],
          }
        : { ...row, x: [[1, 1]] },
    );
    const layer = dense(1);
    const line = pipeline({
      data: rows(schema, bad).batch(10),
      model: ({ x }) => squeeze(layer(sum(log(add(x, 2)), { axis: 1 })), { axis: 1 }),
      loss: (predicted, { y }) => meanSquaredError(y, predicted),
      optimizer: sgd(),
    });
    const [problem] = await refused(train(line, { epochs: 1 }).finished);
    expect(problem).toMatchObject({ code: 'RUN802' });
    expect(problem?.message).toContain('log(x) received -1 in row 8 of the batch');
    expect(problem?.span.file).toContain('sequences.spec');
  });

  test("programs of the pipeline's own have sequences too, and only lengths may be asked for", async () => {
    const layer = dense(1);
    const line = pipeline({
      data: rows(schema, some).batch(10),
      model: ({ x }) => squeeze(layer(expandDims(cast(lengthsOf(x), 'float32'), { axis: 1 })), { axis: 1 }),
      loss: (predicted, { y }) => meanSquaredError(y, predicted),
      optimizer: sgd({ learningRate: 1e-3 }),
      programs: {
        total: program({ z: sequence(int, { max: 30 }) }, ({ z }) => sum(z, { axis: 1 })),
        same: program({ z: sequence(bool, { max: 3 }) }, ({ z }) => z),
      },
    });
    const { model } = await train(line, { epochs: 1 }).finished;
    expect(model.run('total', [{ z: [1, 2, 3] }, { z: [] }, { z: Array(30).fill(2) }])).toEqual([6, 0, 60]);
    expect(model.run('same', [{ z: [true, false] }, { z: [] }])).toEqual([[true, false], []]);
    expect(model.predict([{ x: [] }])).toHaveLength(1);
  });
});

describe('rows', () => {
  const all = {
    n: sequence(int, { max: 4 }),
    c: sequence(category('a', 'b'), { max: 3 }),
    t: sequence(tensor([2, 1]), { max: 2 }),
  };
  const given = [
    { n: [1, 2, 3, 4], c: ['b', 'a'] as const, t: [[[1], [2]]] },
    { n: [], c: [] as const, t: [] },
    {
      n: [7],
      c: ['a', 'a', 'b'] as const,
      t: [
        [[3], [4]],
        [[5], [6]],
      ],
    },
  ];
  const plain = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (_, each) =>
        ArrayBuffer.isView(each) ? [...(each as never as number[])] : each,
      ),
    );

  test('are what was given, from every source and through stages', async () => {
    const file = join(folder, 'rows.jsonl');
    await writeFile(file, given.map((row) => JSON.stringify(row)).join('\n'));
    const columns = { n: given.map(({ n }) => n), c: given.map(({ c }) => c), t: given.map(({ t }) => t) };
    for (const data of [
      rows(all, given as never),
      arrays(all, columns),
      jsonLines(file, all),
      from(all, () => given.values() as never),
      rows(all, given as never)
        .cache()
        .repeat(1),
      arrays(all, columns)
        .filter(() => true)
        .map(all, (row) => row as never),
    ]) {
      expect(plain(await toArray(data))).toEqual(plain(given));
      for await (const batch of iterateBatches(data.batch(3))) {
        expect([...batch.columns.n]).toEqual([4, 1, 2, 3, 4, 0, 0, 0, 0, 0, 1, 7, 0, 0, 0]);
      }
    }
    const { columns: facts } = await described(rows(all, given as never));
    expect(facts.n).toMatchObject({ kind: 'numbers', count: 5, min: 1, max: 7 });
    expect(facts.c).toMatchObject({ kind: 'labels', labels: { a: 3, b: 2 } });
  });

  test('are taken apart item by item where their sequences are equally long', async () => {
    const pairs = { n: sequence(int, { max: 4 }), c: sequence(category('a', 'b'), { max: 4 }), k: int };
    const data = rows(pairs, [
      { n: [1, 2], c: ['a', 'b'], k: 5 },
      { n: [], c: [], k: 6 },
    ]);
    const items = await toArray(data.unbatch());
    expect(items).toEqual([
      { n: 1, c: 'a', k: 5 },
      { n: 2, c: 'b', k: 5 },
    ]);
    const odd = rows(pairs, [{ n: [1], c: [], k: 5 }]);
    expect(await refused(toArray(odd.unbatch()))).toMatchObject([{ code: 'DAT707' }]);
  });

  test('that do not fit are refused with what was expected', async () => {
    const one = { n: sequence(int, { max: 2 }) };
    const code = async (value: unknown) => (await refused(toArray(rows(one, [{ n: value }] as never))))[0];
    expect(await code([1, 2, 3])).toMatchObject({ code: 'DAT707', received: '3 items' });
    expect(await code(3)).toMatchObject({ code: 'DAT707' });
    expect(await code([1, 2.5])).toMatchObject({ code: 'DAT705' });
    expect(await code([1, undefined])).toMatchObject({ code: 'DAT702' });
    const floats = rows({ n: sequence(float, { max: 2 }) }, [{ n: [Number.NaN] }]);
    expect(await refused(toArray(floats))).toMatchObject([{ code: 'DAT705' }]);
    await writeFile(join(folder, 'n.csv'), 'n\n1\n');
    expect(await refused(first(csv(join(folder, 'n.csv'), one)))).toMatchObject([{ code: 'DAT715' }]);
  });

  test('lengths and items that are none are refused', async () => {
    const line = (batches: ReturnType<typeof lineOf>) => refused(train(batches, { epochs: 1 }).finished);
    for (const lengths of [[0], [], [2.5], 'all', [Number.NaN]])
      expect(await line(lineOf(rows(schema, []), 2, { lengths: lengths as never }))).toMatchObject([
        { code: 'PIP103' },
      ]);
    const odd = { x: sequence(sequence(float, { max: 2 }) as never, { max: 2 }), y: float };
    expect(await line(lineOf(rows(odd as never, []) as never, 2))).toMatchObject([{ code: 'ARG102' }]);
    const none = { x: sequence(vector(2), { max: 0 }), y: float };
    expect(await line(lineOf(rows(none as never, []) as never, 2))).toMatchObject([{ code: 'ARG102' }]);
    expect(await refused(() => maskOf(3 as never))).toMatchObject([{ code: 'SHP201' }]);
  });
});

describe('buckets', () => {
  test('hold rows of about one length, all rows once, and as many as they are to', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(walk, { maxLength: 60 }),
        fc.integer({ min: 1, max: 6 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (given, size, lengths, live) => {
          const numbered = given.map((row, y) => ({ ...row, y }));
          const data = live
            ? from(schema, () => numbered.values() as never)
            : rows(schema, numbered as never);
          const batches: number[][] = [];
          for await (const batch of iterateBatches(data.bucketBatch(size, { lengths })))
            batches.push([...batch.columns.y]);
          expect(batches.flat().toSorted((a, b) => a - b)).toEqual(numbered.map(({ y }) => y));
          const sorted = [...new Set([...lengths.filter((length) => length < 12), 12])].sort((a, b) => a - b);
          const bucketOf = (y: number) =>
            sorted.findIndex((length) => (numbered[y]?.x.length ?? 0) <= length);
          const counts = sorted.map((_, at) => numbered.filter(({ y }) => bucketOf(y) === at).length);
          const full = counts.reduce((sum, rows) => sum + Math.floor(rows / size), 0);
          for (const batch of batches.slice(0, full)) {
            expect(batch).toHaveLength(size);
            expect(new Set(batch.map(bucketOf)).size).toBe(1);
          }
          count('buckets');
        },
      ),
      { numRuns: runs(80) },
    );
  });

  test('go by a column, a text, or what a function says', async () => {
    const words = { t: sequence(category('a'), { max: 9 }), n: int };
    const given = [5, 1, 6, 2].map((n) => ({ t: Array(n).fill('a'), n }));
    const order = async (by?: never) => {
      const seen: number[] = [];
      for await (const { columns } of iterateBatches(
        rows(words, given as never).bucketBatch(2, { by, lengths: [3] }),
      ))
        seen.push(...columns.n);
      return seen;
    };
    expect(await order()).toEqual([5, 6, 1, 2]);
    expect(await order('t' as never)).toEqual([5, 6, 1, 2]);
    expect(await order(((row: { n: number }) => -row.n) as never)).toEqual([5, 1, 6, 2]);
    expect(await refused(order('n' as never))).toMatchObject([{ code: 'DAT705' }]);
    expect(await refused(order(3 as never))).toMatchObject([{ code: 'DAT715' }]);
  });
});

test('a forged column of sequences is not taken', async () => {
  const { model } = await train(lineOf(rows(schema, [{ x: [[1, 2]], y: 1 }]), 1), { epochs: 1 }).finished;
  await model.save(join(folder, 'forged'));
  const { contract, ...module } = (await import('../../runtime/model/model.ts')).pipelineOf(
    model as never,
  ).compiled;
  const programs = [...module.module.programs.keys()].map((name) => [name, ''] as const);
  const read = (items: unknown) =>
    contractFrom(
      { ...contract, schema: [['x', { ...schema.x, items }]], answers: [] },
      programs,
      module.module.state,
    );
  expect(() => read(schema.x.items)).not.toThrow();
  for (const items of [
    undefined,
    {},
    { of: vector(3), most: 12 },
    { of: vector(2), most: -1 },
    { of: schema.x, most: 2 },
  ])
    expect(() => read(items)).toThrow('the schema is malformed');
});
