/**
 * A run that fails between two steps leaves a last checkpoint there: once what failed is mended it goes on to the same bytes and
 * events as a run that was left alone, and no row is lost or read for another step. One that could not be gone on with leaves none.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { float } from '../../dsl/column.ts';
import type { Dataset } from '../../dsl/dataset.ts';
import { arrays, from } from '../../dsl/dataset.ts';
import type { Hook, RunEvent, TrainOptions } from '../../runtime/index.ts';
import {
  checkpoint,
  DiagnosticError,
  defineHook,
  earlyStopping,
  evaluateNow,
  restore,
  setLearningRate,
  train,
} from '../../runtime/index.ts';
import { newestIn } from '../../runtime/store/checkpoints/newest.ts';
import { dense } from '../../stdlib/layers/core/dense.ts';
import { meanSquaredError } from '../../stdlib/losses/meanSquaredError.ts';
import { stack } from '../../stdlib/ops/movement/stack.ts';
import { adam } from '../../stdlib/optimizers/adam.ts';
import { pipeline } from '../../stdlib/pipeline.ts';
import { ModelDisk } from '../store/model-disk.ts';
import { isLong, runs } from '../support/effort.ts';
import { illegal } from '../support/illegal.ts';
import { tally } from '../support/tally.ts';
import { countedEvents } from './counted-events.ts';
import { diskInMemory } from './disk-in-memory.ts';

const usual = runs(isLong ? 3000 : 200);
const count = tally('failures', {
  runs: usual,
  'gone on with': Math.floor(usual * 0.4),
  'a source failed': Math.floor(usual * 0.03),
  'a hook failed': Math.floor(usual * 0.1),
  'an evaluation failed': Math.floor(usual * 0.03),
  'a row was refused': Math.floor(usual * 0.03),
});

const place = diskInMemory();

/** What fails once: the source before a row, a row, the evaluation, or a hook with the n-th event of a type. */
type Fault =
  | { readonly kind: 'source' | 'row' | 'evaluation'; readonly at: number }
  | { readonly kind: 'hook'; readonly type: RunEvent['type']; readonly at: number };

const hookFault = fc.record({
  kind: fc.constant('hook' as const),
  type: fc.constantFrom<RunEvent['type'][]>(
    'batchFinished',
    'epochStarted',
    'epochFinished',
    'evaluationStarted',
  ),
  at: fc.integer({ min: 0, max: 8 }),
});
const dataFault = fc.record({
  kind: fc.constantFrom('source' as const, 'row' as const, 'evaluation' as const),
  at: fc.integer({ min: 0, max: 30 }),
});

const situation = fc.record({
  rows: fc.integer({ min: 3, max: 24 }),
  size: fc.integer({ min: 1, max: 5 }),
  epochs: fc.integer({ min: 1, max: 3 }),
  source: fc.constantFrom('plain' as const, 'async' as const, 'positioned' as const),
  stages: fc.subarray(['map', 'shuffle', 'filter', 'prefetch', 'window'] as const),
  fault: fc.oneof(hookFault, dataFault),
  seed: fc.integer({ min: 0, max: 99 }),
});
type Situation = typeof situation extends fc.Arbitrary<infer S> ? S : never;

const schema = { x: float };
type Rows = Dataset<typeof schema>;

/** Happens at one moment of all processes of a run, and never again. */
class Once {
  private left: number;

  constructor(at: number | undefined) {
    this.left = at ?? -1;
  }

  get isNow(): boolean {
    return this.left-- === 0;
  }
}

/** The faults of a run, over all the processes that it takes. */
class Faults {
  readonly source: Once;
  readonly row: Once;
  readonly evaluation: Once;
  readonly hook: Once;
  readonly type: RunEvent['type'] | undefined;

  constructor(fault: Fault | undefined) {
    const at = (kind: Fault['kind']): Once => new Once(fault?.kind === kind ? fault.at : undefined);
    this.source = at('source');
    this.row = at('row');
    this.evaluation = at('evaluation');
    this.hook = at('hook');
    this.type = fault?.kind === 'hook' ? fault.type : undefined;
  }
}

function sourceOf({ source, rows }: Situation, faults: Faults): Rows {
  const row = (n: number): { x: number } => {
    if (faults.source.isNow) throw new Error('the source is gone');
    return { x: faults.row.isNow ? Number.NaN : n / rows };
  };
  if (source === 'plain')
    return from(schema, function* () {
      for (let n = 0; n < rows; n++) yield row(n);
    });
  if (source === 'async')
    return from(schema, async function* () {
      for (let n = 0; n < rows; n++) {
        if (n % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
        yield row(n);
      }
    });
  return from(schema, {
    *open(position: unknown) {
      for (let n = typeof position === 'number' ? position : 0; n < rows; n++)
        yield { row: row(n), position: n + 1 };
    },
  });
}

function staged(rows: Rows, stages: Situation['stages']): Rows {
  let data = rows;
  for (const stage of stages) {
    if (stage === 'map') data = data.map(schema, ({ x }, { random }) => ({ x: x + random() / 8 }));
    if (stage === 'shuffle') data = data.shuffle({ buffer: 4 });
    if (stage === 'filter') data = data.filter(({ x }) => x < 0.9);
    if (stage === 'prefetch') data = data.prefetch(3);
    if (stage === 'window')
      data = data.slide(schema, 2, (rows) => ({ x: rows.reduce((sum, { x }) => sum + x, 0) / 2 }));
  }
  return data;
}

/** Rows for the evaluation, of which one fails once. */
const held = (faults: Faults): Rows =>
  from(schema, function* () {
    for (let n = 0; n < 5; n++) {
      if (faults.evaluation.isNow) throw new Error('the rows of the evaluation are gone');
      yield { x: n / 5 };
    }
  });

function learner(given: Situation, faults: Faults) {
  const layer = dense(1, { name: 'line' });
  return pipeline({
    data: staged(sourceOf(given, faults), given.stages).batch(given.size),
    validation: held(faults).batch(2),
    model: ({ x }) => layer(stack([x])),
    loss: (answer, { x }) => meanSquaredError(stack([x]), answer),
    metrics: { error: (answer, { x }) => meanSquaredError(stack([x]), answer) },
    optimizer: adam({ learningRate: 0.05 }),
  });
}

/** Fails where it is to; else asks for something now and then, by what it has heard. */
function listener(name: string, faults: Faults): Hook<{ heard: number; losses: number }> {
  return defineHook({
    name,
    initialState: { heard: 0, losses: 0 },
    events: ['epochStarted', 'batchFinished', 'evaluationStarted', 'epochFinished'],
    on({ heard, losses }, event) {
      if (event.type === faults.type && name === 'second' && faults.hook.isNow)
        throw new Error('the hook is broken');
      // How often an evaluation begins is no part of what is promised.
      if (event.type === 'evaluationStarted') return undefined;
      const state = { heard: heard + 1, losses: losses + ('loss' in event ? event.loss : 0) };
      if (state.heard % 7 === 3) return { state, commands: [setLearningRate(0.01 + (state.losses % 0.01))] };
      return { state, ...(state.heard % 11 === 5 && { commands: [evaluateNow()] }) };
    },
  });
}

const listeners = (faults: Faults): Hook[] => [
  listener('first', faults),
  listener('second', faults),
  earlyStopping({ patience: 9 }),
];

interface Told {
  readonly events: readonly RunEvent[];
  readonly weights: object | undefined;
  readonly error: unknown;
}

async function trained(
  given: Situation,
  faults: Faults,
  folder: string,
  more: TrainOptions = {},
): Promise<Told> {
  const run = train(learner(given, faults), {
    seed: given.seed,
    epochs: given.epochs,
    engine: 'reference',
    hooks: [...listeners(faults), checkpoint(folder, { every: [1e6, 'steps'] })],
    ...more,
  });
  const events: RunEvent[] = [];
  run.events$.subscribe((event) => events.push(event));
  try {
    const { model } = await run.finished;
    const weights = [...model.weights].map(([name, { values }]) => [name, Array.from(values)]);
    return { events, weights, error: undefined };
  } catch (error) {
    return { events, weights: undefined, error };
  }
}

test('whatever fails between two steps', async () => {
  await fc.assert(
    fc.asyncProperty(situation, async (given) => {
      count('runs');
      place.disk = new ModelDisk();
      const whole = await trained(given, new Faults(undefined), '/data/whole');
      const faults = new Faults(given.fault);
      const told = await trained(given, faults, '/data/broken');
      if (!told.error) return;
      expect(told.error).toBeInstanceOf(DiagnosticError);
      const steps = told.events.filter(({ type }) => type === 'batchFinished').length;
      const left = await newestIn('/data/broken');
      if (steps === 0) return;
      expect(left?.generation.step).toBe(steps);
      count(
        {
          source: 'a source failed',
          row: 'a row was refused',
          evaluation: 'an evaluation failed',
          hook: 'a hook failed',
        }[given.fault.kind],
      );
      const rest = await trained(given, faults, '/data/broken', { resume: true });
      expect(rest.error).toBeUndefined();
      expect(rest.events[0]).toMatchObject({ type: 'runResumed', exact: true, step: steps });
      expect(rest.weights).toEqual(whole.weights);
      const without = told.events.filter(({ type }) => type !== 'runFailed');
      expect(countedEvents([...without, ...rest.events])).toEqual(countedEvents(whole.events));
      count('gone on with');
    }),
    { numRuns: usual },
  );
}, 600_000);

describe('no last checkpoint', () => {
  const simple: Situation = {
    ...{ rows: 12, size: 2, epochs: 2, source: 'plain', stages: [], seed: 1 },
    fault: { kind: 'source', at: 0 },
  };
  const left = async (data: Rows, more: TrainOptions = {}): Promise<number | undefined> => {
    place.disk = new ModelDisk();
    const layer = dense(1, { name: 'line' });
    const line = pipeline({
      data: data.batch(2),
      model: ({ x }) => layer(stack([x])),
      loss: (answer, { x }) => meanSquaredError(stack([x]), answer),
      optimizer: adam(),
    });
    const hooks = [checkpoint('/data/kept', { every: [2, 'steps'] }), ...(more.hooks ?? [])];
    await expect(train(line, { ...more, hooks }).finished).rejects.toBeInstanceOf(DiagnosticError);
    return (await newestIn('/data/kept'))?.generation.step;
  };
  const plain = sourceOf(simple, new Faults(undefined));

  test('where no step was made', async () => {
    expect(await left(sourceOf(simple, new Faults(simple.fault)))).toBeUndefined();
  });

  test('of numbers that are not finite: the last one is from before', async () => {
    const large = from(schema, function* () {
      for (let n = 0; n < 20; n++) yield { x: n < 10 ? 1 : 1e38 };
    });
    expect(await left(large)).toBeLessThan(6);
  });

  test('where a function of the program fails with a row that is on its way', async () => {
    const failing = plain.map(schema, (row, { index }) => {
      if (index === 10) throw new Error('the map is broken');
      return row;
    });
    expect(await left(failing)).toBeLessThan(5);
  });

  test('where what a hook asked for cannot be done', async () => {
    const asking = defineHook({
      name: 'asking',
      initialState: 0,
      events: ['batchFinished'],
      on: (_, { step }) => (step === 5 ? { state: 0, commands: [restore('nothing')] } : undefined),
    });
    expect(await left(plain, { hooks: [asking] })).toBeLessThan(5);
  });
});

test('a function of the program that fails with rows in memory leaves one: they are where they were', async () => {
  place.disk = new ModelDisk();
  let isBroken = true;
  const table = arrays(schema, { x: [1, 2, 3, 4, 5, 6, 7, 8] }).map(schema, ({ x }, { index }) => {
    if (isBroken && index === 5) throw new Error('the map is broken');
    return { x: x / 8 };
  });
  const layer = dense(1, { name: 'line' });
  const line = pipeline({
    data: table.batch(2),
    model: ({ x }) => layer(stack([x])),
    loss: (answer, { x }) => meanSquaredError(stack([x]), answer),
    optimizer: adam(),
  });
  const hooks = [checkpoint('/data/table')];
  await expect(train(line, { hooks }).finished).rejects.toBeInstanceOf(DiagnosticError);
  isBroken = false;
  const steps: number[] = [];
  const run = train(line, { hooks, resume: true });
  run.events$.subscribe((event) => event.type === 'batchFinished' && steps.push(event.step));
  const { model } = await run.finished;
  expect(steps).toEqual([3, 4]);
  const { model: whole } = await train(line).finished;
  const valuesOf = ({ weights }: typeof whole): unknown => [...weights].map(([, { values }]) => [...values]);
  expect(valuesOf(model)).toEqual(valuesOf(whole));
});

test('a run that is cancelled in the evaluation at the end of an epoch goes on behind the rows of that epoch', async () => {
  place.disk = new ModelDisk();
  const given: Situation = {
    ...{ rows: 9, size: 2, epochs: 3, source: 'async', stages: ['shuffle'], seed: 4 },
    fault: { kind: 'source', at: 1e6 },
  };
  const faults = new Faults(undefined);
  const whole = await trained(given, faults, '/data/whole');
  const stopping = new AbortController();
  const told = await trained(given, faults, '/data/broken', {
    signal: stopping.signal,
    hooks: [
      ...listeners(faults),
      defineHook({
        name: 'stopping',
        initialState: 0,
        events: ['evaluationStarted'],
        on: (_, { epoch, step }) => {
          if (epoch === 2 && step === 10) stopping.abort();
        },
      }),
      checkpoint('/data/broken', { every: [1e6, 'steps'] }),
    ],
  });
  const rest = await trained(given, faults, '/data/broken', { resume: true });
  expect(rest.weights).toEqual(whole.weights);
  const without = told.events.filter(({ type }) => type !== 'runCancelled');
  expect(countedEvents([...without, ...rest.events])).toEqual(countedEvents(whole.events));
});

test('what a hook failed of in an epoch that begins anew with other data is not told again', async () => {
  place.disk = new ModelDisk();
  const given: Situation = {
    ...{ rows: 9, size: 2, epochs: 3, source: 'plain', stages: [], seed: 4 },
    fault: { kind: 'source', at: 1e6 },
  };
  const faults = new Faults(undefined);
  const failing = defineHook({
    name: 'failing',
    initialState: 0,
    events: ['epochStarted'],
    on: (_, { epoch }) => {
      if (epoch === 2) throw new Error('not now');
    },
  });
  const keeping = checkpoint('/data/other', { every: [1e6, 'steps'] });
  const told = await trained(given, faults, '/data/other', { hooks: [failing, keeping] });
  expect(told.events.at(-1)?.type).toBe('runFailed');
  const rest = await trained({ ...given, size: 3 }, faults, '/data/other', { resume: true });
  expect(rest.events[0]).toMatchObject({ type: 'runResumed', fresh: expect.arrayContaining(['data']) });
  expect(illegal(rest.events)).toBeUndefined();
});
