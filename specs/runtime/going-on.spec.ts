/** Runs that go on from a model, that are asked while they go on, and that are steered. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Subject } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { float } from '../../dsl/column.ts';
import type { Dataset } from '../../dsl/dataset.ts';
import { arrays, from } from '../../dsl/dataset.ts';
import type { RunEvent } from '../../runtime/index.ts';
import { checkpoint, load, publish, train } from '../../runtime/index.ts';
import { dense } from '../../stdlib/layers/core/dense.ts';
import { meanSquaredError } from '../../stdlib/losses/meanSquaredError.ts';
import { stack } from '../../stdlib/ops/movement/stack.ts';
import { adam } from '../../stdlib/optimizers/adam.ts';
import { pipeline } from '../../stdlib/pipeline.ts';
import { refused } from '../support/refused.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-going-on-'));
});
afterAll(() => rm(folder, { recursive: true }));

const schema = { x: float, y: float };
const table = arrays(schema, { x: [1, 2, 3, 4, 5, 6], y: [2, 4, 6, 8, 9, 13] });

function line(rows: Dataset<typeof schema> = table, units = 1) {
  const layer = dense(units, { name: 'line' });
  return pipeline({
    data: rows.batch(2),
    model: ({ x }) => layer(stack([x])),
    loss: (predicted, { y }) => meanSquaredError(stack(Array.from({ length: units }, () => y)), predicted),
    optimizer: adam({ learningRate: 0.05 }),
  });
}

const valuesOf = (weights: ReadonlyMap<string, { readonly values: ArrayLike<number> }>): object =>
  Object.fromEntries([...weights].map(([name, { values }]) => [name, Array.from(values)]));

describe('a run from a model', () => {
  test('goes on with weights, slots and step: two halves are the whole', async () => {
    const { model: whole } = await train(line(), { epochs: 4 }).finished;
    const { model: half } = await train(line(), { epochs: 2 }).finished;
    const before = valuesOf(half.weights);
    const inMemory = await train(line(), { epochs: 2, from: half }).finished;
    expect(valuesOf(inMemory.model.weights)).toEqual(valuesOf(whole.weights));
    expect(valuesOf(half.weights)).toEqual(before);
    await half.save(join(folder, 'half'));
    const onDisk = await train(line(), { epochs: 2, from: join(folder, 'half') }).finished;
    expect(valuesOf(onDisk.model.weights)).toEqual(valuesOf(whole.weights));
    const loaded = await load<typeof schema>(join(folder, 'half'));
    const again = await train(line(), { epochs: 2, from: loaded as never }).finished;
    expect(valuesOf(again.model.weights)).toEqual(valuesOf(whole.weights));
    await half.save(join(folder, 'bare'), { optimizer: false });
    const bare = await train(line(), { epochs: 2, from: join(folder, 'bare') }).finished;
    expect(valuesOf(bare.model.weights)).not.toEqual(valuesOf(whole.weights));
  });

  test('takes over what fits and says what does not', async () => {
    const { model } = await train(line()).finished;
    const events: RunEvent[] = [];
    const run = train(line(table, 2), { from: model });
    run.events$.subscribe((event) => events.push(event));
    await run.finished;
    expect(events[0]).toMatchObject({ type: 'runResumed', exact: false });
    const [first] = events;
    if (first?.type !== 'runResumed') throw new Error('internal: no beginning');
    expect(first.fresh).toContain('line.kernel');
    expect(first.fresh).toContain('data');
    expect(first.unused).toEqual([]);
  });

  test('a second training of a pipeline says that it begins anew', async () => {
    const one = line();
    const first: RunEvent[] = [];
    for (let time = 0; time < 2; time++) {
      const run = train(one);
      run.events$.subscribe((event) => event.type === 'runStarted' && first.push(event));
      await run.finished;
    }
    expect(first.map((event) => 'again' in event)).toEqual([false, true]);
  });

  test('options that contradict each other are refused', async () => {
    const { model } = await train(line()).finished;
    expect(await refused(async () => train(line(), { resume: true }))).toMatchObject([{ code: 'RUN801' }]);
    expect(
      await refused(async () => train(line(), { resume: join(folder, 'x'), from: model })),
    ).toMatchObject([{ code: 'RUN801' }]);
    expect(await refused(train(line(), { from: join(folder, 'nothing') }).finished)).toMatchObject([
      { code: 'RUN808' },
    ]);
  });
});

describe('a run that is asked while it goes on', () => {
  test.each([0, 2])('answers by the present weights and saves them, with %i threads', async (threads) => {
    const rows = new Subject<{ x: number; y: number }>();
    const live = from(schema, rows, { capacity: 1000, overflow: 'error' });
    const run = train(line(live), { steps: 40, threads });
    const early = run.predict([{ x: 1 }]);
    while (!rows.observed) await new Promise((resolve) => setImmediate(resolve));
    const answers: unknown[] = [await early];
    for (let step = 0; step < 40; step++) {
      rows.next({ x: step % 5, y: 2 });
      rows.next({ x: step % 3, y: 1 });
      await new Promise((resolve) => setImmediate(resolve));
      if (step % 10 === 5) answers.push(await run.predict([{ x: 1 }]));
      if (step === 20) await run.save(join(folder, `live-${threads}`));
    }
    const { model } = await run.finished;
    answers.push(model.predict([{ x: 1 }]));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(answers.length);
    const saved = await load(join(folder, `live-${threads}`));
    expect(saved.predict([{ x: 1 }])).not.toEqual(model.predict([{ x: 1 }]));
  });

  test('has its model when the last event is told, and answers with the failure where there never was one', async () => {
    const run = train(line());
    let model: unknown;
    run.events$.subscribe((event) => {
      if (event.type === 'runFinished') model = run.model;
    });
    const { model: result } = await run.finished;
    expect(model).toBe(result);
    const failing = train(line(from(schema, () => [{ x: 'no' } as never])));
    failing.finished.catch(() => {});
    await expect(failing.predict([{ x: 1 }])).resolves.toBeDefined();
    await expect(failing.finished).rejects.toMatchObject({ diagnostics: [{ code: 'DAT705' }] });
  });
});

describe('a run that is steered', () => {
  test('holds on, goes on, forgets, stops and says so', async () => {
    const run = train(line(table.repeat()), { steps: 1e6, hooks: [publish({ every: [5, 'steps'] })] });
    const types: string[] = [];
    const steps: number[] = [];
    run.events$.subscribe((event) => {
      if (event.type === 'batchFinished') {
        if (event.step === 20) run.pause();
        if (event.step === 60) run.reset();
        if (event.step === 100) run.stop('enough');
        steps.push(event.step);
      } else if (event.type !== 'batchStarted') {
        types.push(event.type);
      }
    });
    await new Promise((resolve) =>
      run.events$.subscribe((event) => event.type === 'runPaused' && resolve(0)),
    );
    const held = steps.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(steps).toHaveLength(held);
    expect(run.serving.predict({ x: 1 })).toMatchObject({
      version: expect.any(Number),
      step: expect.any(Number),
    });
    run.resume();
    const result = await run.finished;
    expect(result).toMatchObject({ outcome: 'finished', reason: 'enough', steps: 100 });
    expect(types).toContain('runContinued');
    expect(types).toContain('modelReset');
    expect(types.filter((type) => type === 'modelPublished').length).toBeGreaterThan(15);
  });

  test('that was stopped is gone on with', async () => {
    const place = join(folder, 'stopped');
    const run = train(line(table.repeat()), { steps: 50, hooks: [checkpoint(place)] });
    run.events$.subscribe((event) => {
      if (event.type === 'batchFinished' && event.step === 20) run.stop();
    });
    expect(await run.finished).toMatchObject({ reason: 'stopped', steps: 20 });
    const rest = await train(line(table.repeat()), { steps: 50, hooks: [checkpoint(place)], resume: true })
      .finished;
    const whole = await train(line(table.repeat()), { steps: 50 }).finished;
    expect(rest.steps).toBe(50);
    // A run that is over when it is gone on with answers, too.
    const over = train(line(table.repeat()), {
      steps: 50,
      hooks: [checkpoint(place), publish()],
      resume: true,
    });
    await over.serving.ready();
    expect(over.serving.predict({ x: 1 })).toMatchObject({ version: 1, step: 50 });
    expect(await over.finished).toMatchObject({ steps: 50 });
    expect(valuesOf(rest.model.weights)).toEqual(valuesOf(whole.model.weights));
  });
});
