/** What is fitted to the training data before the first step: statistics and vocabularies, against plain arithmetic and counting. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Tensor } from 'millrace';
import {
  cast,
  concat,
  deadLetter,
  dense,
  embedding,
  fittedCategory,
  float,
  from,
  meanSquaredError,
  normalization,
  pipeline,
  reshape,
  rows,
  sgd,
  split,
  squeeze,
  sum,
  vector,
} from 'millrace';
import { fitted, update } from 'millrace/op';
import { checkpoint, evaluate, load, progress, train } from 'millrace/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contractFrom } from '../../runtime/store/model/contract-file.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { trained } from '../support/trained.ts';

const count = tally('fitting', { statistics: 20, resumed: 8 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-fitting-'));
});
afterAll(() => rm(folder, { recursive: true }));

const weight = (model: { weights: ReadonlyMap<string, { values: ArrayLike<number> }> }, name: string) =>
  Array.from(model.weights.get(name)?.values ?? []);

describe('statistics', () => {
  const number = fc.oneof(
    fc.double({ min: -10, max: 10, noNaN: true }),
    fc.double({ min: 990, max: 1010, noNaN: true }),
    fc.constantFrom(0, 5, 5, -3),
  );
  const data = fc.record({
    rows: fc.array(fc.tuple(number, number, number), { minLength: 1, maxLength: 120 }),
    batch: fc.integer({ min: 1, max: 50 }),
    dropRemainder: fc.integer({ min: 0, max: 3 }).map((draw) => draw === 0),
    shuffle: fc.boolean(),
    share: fc.constantFrom(0.5, 0.8, 1),
    pull: fc.boolean(),
  });

  /** By the definition, in doubles. */
  function oracle(values: readonly number[]): { mean: number; variance: number } {
    const exact = values.map(Math.fround);
    const mean = exact.reduce((sum, value) => sum + value, 0) / exact.length;
    return { mean, variance: exact.reduce((sum, value) => sum + (value - mean) ** 2, 0) / exact.length };
  }

  test('are those of the rows that are trained on, however these come', async () => {
    await fc.assert(
      fc.asyncProperty(data, async ({ rows: given, batch, dropRemainder, shuffle, share, pull }) => {
        const seen: (readonly number[])[] = [];
        const schema = { x: vector(3), y: float };
        const all = given.map((x) => ({ x, y: 1 }));
        const source = pull ? from(schema, () => all.values()).take(all.length) : rows(schema, all);
        const { train: part } = split(source, { train: share, test: 1 - share || 1e-9 });
        const through = part.peek(({ x }) => seen.push(Array.from(x)));
        const scaled = normalization();
        const layer = dense(1);
        const line = pipeline({
          data: (shuffle ? through.shuffle({ seed: 3 }) : through).batch(batch, { dropRemainder }),
          model: ({ x }) => squeeze(layer(scaled(x)), { axis: 1 }),
          loss: (predicted, { y }) => meanSquaredError(y, predicted),
          optimizer: sgd({ learningRate: 0 }),
        });
        const outcome = await trained(line, { steps: 1 }).catch((error: Error) => error);
        if (outcome instanceof Error) {
          // Nothing to train on: no row, or no whole batch.
          expect(outcome.message).toMatch(/DAT709|no rows/);
          return;
        }
        const { model, facts } = outcome;
        const fittedTo = facts[0]?.rows ?? 0;
        const whole = seen.slice(0, fittedTo);
        expect(fittedTo).toBeGreaterThan(0);
        for (const at of [0, 1, 2]) {
          const { mean, variance } = oracle(whole.map((x) => x[at] ?? Number.NaN));
          const scale = Math.max(...whole.map((x) => Math.abs(x[at] ?? 0)), 1);
          expect(Math.abs((weight(model, 'normalization.mean')[at] ?? Number.NaN) - mean)).toBeLessThan(
            2e-6 * scale,
          );
          const off = (weight(model, 'normalization.variance')[at] ?? Number.NaN) - variance;
          expect(Math.abs(off)).toBeLessThan(1e-5 * (variance + scale * scale * 1e-2));
        }
        expect(weight(model, 'normalization.count')).toEqual([fittedTo]);
        count('statistics');
      }),
      { numRuns: runs(45) },
    );
  });

  const wide = Array.from({ length: 64 }, (_, i) => ({ x: [i, 100 * Math.sin(i), 7], y: Math.cos(i) }));

  test('standardize predictions, evaluations, exports of other rows, and constant channels give 0', async () => {
    const scaled = normalization();
    const line = pipeline({
      data: rows({ x: vector(3), y: float }, wide).batch(10),
      model: ({ x }) => scaled(x),
      loss: (z, { y }) => {
        const layer = dense(1);
        return meanSquaredError(y, squeeze(layer(z), { axis: 1 }));
      },
      optimizer: sgd(),
    });
    const { model } = await trained(line);
    const [answer = []] = model.predict([{ x: [10, 20, 7] }]) as number[][];
    const column = (at: number) => oracle(wide.map(({ x }) => x[at] ?? 0));
    expect(answer[0]).toBeCloseTo((10 - column(0).mean) / Math.sqrt(column(0).variance), 4);
    expect(answer[1]).toBeCloseTo((20 - column(1).mean) / Math.sqrt(column(1).variance), 4);
    expect(answer[2]).toBe(0);
    await model.save(join(folder, 'scaled'));
    const again = await load(join(folder, 'scaled'));
    expect(again.predict([{ x: [10, 20, 7] }])).toEqual([answer]);
  });

  test('given, inverted, of one axis or none are what Keras computes', () => {
    // keras.layers.Normalization(mean=[1, 2, 3], variance=[4, 0, 9])([[3, 2, 0]]) and with invert=True.
    const line = pipeline({
      data: rows({ x: vector(3), y: float }, [{ x: [3, 2, 0], y: 1 }]).batch(1),
      model: ({ x }) => ({
        plain: normalization({ mean: [1, 2, 3], variance: [4, 0, 9] })(x),
        back: normalization({ mean: [1, 2, 3], variance: [4, 0, 9], invert: true })(x),
        w: dense(1)(x),
      }),
      loss: ({ w }, { y }) => meanSquaredError(y, squeeze(w, { axis: 1 })),
      optimizer: sgd(),
    });
    return trained(line).then(({ model }) => {
      const [answer] = model.predict([{ x: [3, 2, 0] }]);
      expect(answer?.plain).toEqual([1, 0, -1]);
      expect(Array.from(answer?.back ?? [])).toEqual([7, Math.fround(2 + 2e-7), 3]);
    });
  });

  test("a layer of one's own is fitted in the same pass", async () => {
    const largest = (x: Tensor): Tensor => {
      const held = fitted([]);
      return update(x, held, sum(cast(x, 'float32')) as Tensor<readonly []>);
    };
    const layer = dense(1);
    const line = pipeline({
      data: rows({ x: vector(3), y: float }, wide).batch(64),
      model: ({ x }) => squeeze(layer(largest(x)), { axis: 1 }),
      loss: (predicted, { y }) => meanSquaredError(y, predicted),
      optimizer: sgd(),
    });
    const { model } = await trained(line);
    const total = wide.reduce((sum, { x }) => sum + x.reduce((a, b) => a + b, 0), 0);
    const [own] = [...model.weights].filter(([name]) => !name.startsWith('dense'));
    expect(own?.[1].values[0]).toBeCloseTo(total, 2);
  });
});

describe('what was fitted', () => {
  const cities = ['Bern', 'Oslo', 'Bern', 'Rome', 'Bern', 'Oslo'];
  const trip = (i: number) => ({ from: cities[i % 6] ?? '', to: cities[(i * 5 + 1) % 6] ?? '', y: i % 3 });

  /** A pipeline over the same data with these parts. */
  function lineOf(size = 10, { scales = false, source = rows } = {}) {
    const schema = {
      from: fittedCategory({ size }),
      to: fittedCategory({ size: 5 }),
      x: vector(2),
      y: float,
    };
    const all = Array.from({ length: 48 }, (_, i) => ({ ...trip(i), x: [i, 50 - i] }));
    const [place, scaled, layer] = [embedding(size, 3), normalization(), dense(1)];
    const { train: part, test: rest } = split(source(schema, all), { train: 0.75, test: 0.25 });
    return pipeline({
      data: part.shuffle().batch(5),
      validation: rest.batch(5),
      model: ({ from, x }) =>
        squeeze(layer(concat([place(from), scales ? scaled(x) : x], { axis: 1 })), { axis: 1 }),
      loss: (predicted, { y }) => meanSquaredError(y, predicted),
      optimizer: sgd({ learningRate: 1e-5 }),
    });
  }

  test('a run that goes on from a checkpoint ends with the same bytes, and fits nothing', async () => {
    const whole = await trained(lineOf(10, { scales: true }), { epochs: 3 });
    expect(whole.facts).toHaveLength(1);
    for (const steps of [1, 3, 8, 9, 12, 16, 20, 23]) {
      const directory = join(folder, `steps-${steps}`);
      const hooks = () => [checkpoint(directory, { every: [1, 'steps'] })];
      await trained(lineOf(10, { scales: true }), { epochs: 3, steps, hooks: hooks() });
      const rest = await trained(lineOf(10, { scales: true }), { epochs: 3, hooks: hooks(), resume: true });
      expect(rest.events[0]).toMatchObject({ type: 'runResumed', exact: true, fresh: [] });
      expect(rest.facts).toHaveLength(0);
      expect([...rest.model.weights]).toEqual([...whole.model.weights]);
      expect(rest.validation).toEqual(whole.validation);
      expect(rest.model.predict([{ from: 'Bern', x: [1, 2] }])).toEqual(
        whole.model.predict([{ from: 'Bern', x: [1, 2] }]),
      );
      count('resumed');
    }
  });

  test('what a program has that the model has not is fitted, and said to be fresh', async () => {
    const { model } = await trained(lineOf());
    const same = await trained(lineOf(), { from: model });
    expect(same.facts).toHaveLength(0);
    const larger = await trained(lineOf(20), { from: model });
    expect(larger.events[0]).toMatchObject({
      type: 'runResumed',
      fresh: expect.arrayContaining(['vocabulary of from']),
    });
    expect(larger.facts[0]?.vocabularies).toEqual({ from: 3, to: 3 });
    const scaling = await trained(lineOf(10, { scales: true }), { from: model });
    expect(scaling.facts[0]).toMatchObject({ rows: 36 });
    expect(weight(scaling.model, 'normalization.count')).toEqual([36]);
    await model.save(join(folder, 'words'));
    const stored = await trained(lineOf(), { from: join(folder, 'words') });
    expect(stored.facts).toHaveLength(0);
    expect(await evaluate(await load(join(folder, 'words')), lineOf())).toEqual(
      await evaluate(model, lineOf()),
    );
  });

  test('progress tells what was fitted', async () => {
    let shown = '';
    const output = {
      write: (text: string) => {
        shown += text;
        return true;
      },
    };
    await trained(lineOf(10, { scales: true }), { hooks: [progress({ output, environment: {} })] });
    expect(shown).toContain('\nfitted to 36 rows, 3 words of from, 3 words of to\n');
  });

  test('a reset forgets weights, not what was fitted', async () => {
    const run = train(lineOf(10, { scales: true }), { epochs: 2 });
    run.events$.subscribe(({ type, step }) => {
      if (type === 'batchFinished' && step === 4) run.reset();
    });
    const { model } = await run.finished;
    expect(weight(model, 'normalization.count')).toEqual([36]);
  });

  test('bad rows are written down once and counted once', async () => {
    const file = join(folder, 'dead.jsonl');
    const schema = { c: fittedCategory({ size: 5 }), x: vector(1), y: float };
    const given = Array.from({ length: 20 }, (_, i) => ({ c: 'a', x: [i], y: i === 7 ? Number.NaN : 1 }));
    const [scaled, layer] = [normalization(), dense(1)];
    const line = pipeline({
      data: rows(schema, given, { onBadRow: deadLetter(file) }).batch(4),
      model: ({ c, x }) =>
        squeeze(layer(concat([scaled(x), reshape(cast(c, 'float32'), ['B', 1])], { axis: 1 })), { axis: 1 }),
      loss: (predicted, { y }) => meanSquaredError(y, predicted),
      optimizer: sgd(),
    });
    const { events, facts } = await trained(line);
    expect(facts[0]?.rows).toBe(19);
    const rejected = events.filter((event) => event.type === 'recordRejected');
    expect(rejected.map((event) => event.type === 'recordRejected' && event.count)).toEqual([1]);
    expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(1);
  });

  test('a run that is cancelled while it reads the data ends at once', async () => {
    const controller = new AbortController();
    let given = 0;
    const slow = function* () {
      for (;;) {
        if (++given === 500) controller.abort('enough');
        yield { x: [given], y: 1 };
      }
    };
    const [scaled, layer] = [normalization(), dense(1)];
    const line = pipeline({
      data: from({ x: vector(1), y: float }, slow)
        .take(1e12)
        .batch(4),
      model: ({ x }) => squeeze(layer(scaled(x)), { axis: 1 }),
      loss: (predicted, { y }) => meanSquaredError(y, predicted),
      optimizer: sgd(),
    });
    const { outcome, reason, steps } = await trained(line, { signal: controller.signal });
    expect({ outcome, reason, steps }).toEqual({ outcome: 'cancelled', reason: 'enough', steps: 0 });
    expect(given).toBeLessThan(2e6);
  });

  test('a damaged list of words is not taken', async () => {
    const { model } = await trained(lineOf());
    await model.save(join(folder, 'forged'));
    const manifest = JSON.parse(await readFile(join(folder, 'forged', 'model.json'), 'utf8'));
    const program = JSON.stringify(manifest).match(/program[^"]*\.json/)?.[0];
    const file = JSON.parse(await readFile(join(folder, 'forged', program ?? ''), 'utf8'));
    const parts = [file.programs, file.state] as const;
    expect(() => contractFrom(file.contract, ...parts)).not.toThrow();
    const forged = (known: unknown): unknown => {
      const contract = structuredClone(file.contract);
      for (const [, column] of contract.schema) if (column.text) column.text.known = known;
      return contract;
    };
    for (const known of ['Bern', [1], ['a', 'a'], Array.from({ length: 11 }, String), null, { 0: 'a' }])
      expect(() => contractFrom(forged(known), ...parts)).toThrow('the schema is malformed');
  });
});
