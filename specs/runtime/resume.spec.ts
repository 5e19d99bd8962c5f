/** A run that is broken off and gone on with ends as if nothing had happened: weights, events, decisions of hooks, to the byte. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float } from '../../dsl/column.ts';
import type { Dataset } from '../../dsl/dataset.ts';
import { arrays, from } from '../../dsl/dataset.ts';
import type { Hook, RunEvent, TrainOptions } from '../../runtime/index.ts';
import {
  checkpoint,
  defineHook,
  earlyStopping,
  evaluateNow,
  restore,
  setLearningRate,
  snapshot,
  train,
} from '../../runtime/index.ts';
import type { Model } from '../../runtime/model/model.ts';
import { pipelineOf } from '../../runtime/model/model.ts';
import { dense } from '../../stdlib/layers/core/dense.ts';
import { dropout } from '../../stdlib/layers/core/dropout.ts';
import { meanAbsoluteError } from '../../stdlib/losses/meanAbsoluteError.ts';
import { meanSquaredError } from '../../stdlib/losses/meanSquaredError.ts';
import { stack } from '../../stdlib/ops/movement/stack.ts';
import { adam } from '../../stdlib/optimizers/adam.ts';
import { pipeline } from '../../stdlib/pipeline.ts';
import { runs } from '../support/effort.ts';
import { illegal } from '../support/illegal.ts';
import { tally } from '../support/tally.ts';

const count = tally('resume', { runs: 14, exact: 6, cancelled: 20 });

const schema = { x: float, y: float };
type Points = Dataset<typeof schema>;

const at = (i: number): { x: number; y: number } => ({ x: Math.sin(i), y: Math.cos(3 * i) });
const length = 40;

/** All kinds of sources that can be read again. */
const sources: Readonly<Record<string, () => Points>> = {
  arrays: () =>
    arrays(schema, {
      x: Float32Array.from({ length }, (_, i) => at(i).x),
      y: Float32Array.from({ length }, (_, i) => at(i).y),
    }),
  generator: () =>
    from(schema, function* () {
      for (let i = 0; i < length; i++) yield at(i);
    }),
  asyncGenerator: () =>
    from(schema, async function* () {
      for (let i = 0; i < length; i++) {
        if (i % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
        yield at(i);
      }
    }),
  positions: () =>
    from(schema, {
      *open(position) {
        for (let i = Number(position ?? 0); i < length; i++) yield { row: at(i), position: i + 1 };
      },
    }),
};

const stages: Readonly<Record<string, (rows: Points) => Points>> = {
  shuffle: (rows) => rows.shuffle({ buffer: 7 }),
  filter: (rows) => rows.filter(({ x }) => x > -0.8),
  noise: (rows) => rows.map(schema, ({ x, y }, { random }) => ({ x: x + 0.1 * random(), y })),
  slow: (rows) =>
    rows.map(
      schema,
      async ({ x, y }) => {
        await new Promise((resolve) => setImmediate(resolve));
        return { x, y: y + 1 };
      },
      { concurrency: 3 },
    ),
  repeat: (rows) => rows.repeat(2),
  skip: (rows) => rows.skip(3),
  take: (rows) => rows.take(30),
  cache: (rows) => rows.cache(),
};

function learner(rows: Points) {
  const hidden = dense(3, { name: 'hidden' });
  const last = dense(1, { name: 'last' });
  const drop = dropout(0.3);
  return pipeline({
    data: rows.batch(6),
    validation: sources.arrays!().take(9).batch(4),
    model: ({ x }) => last(drop(hidden(stack([x])))),
    loss: (predicted, { y }) => meanSquaredError(stack([y]), predicted),
    metrics: { error: (predicted, { y }) => meanAbsoluteError(stack([y]), predicted) },
    optimizer: adam({ learningRate: 0.02 }),
  });
}

/** Remembers, and asks for all kinds of things. */
const busy = (): Hook =>
  defineHook({
    name: 'busy',
    initialState: { sum: 0, best: Number.POSITIVE_INFINITY, missing: undefined as undefined | number },
    events: ['batchFinished', 'learningRateChanged', 'checkpointRestored', 'evaluationFinished'],
    on(state, event) {
      if (event.type === 'evaluationFinished')
        return { state: { ...state, best: Math.min(state.best, event.loss) } };
      if (event.type === 'learningRateChanged') return { commands: [snapshot('kept')] };
      if (event.type === 'checkpointRestored') return { state: { ...state, missing: event.step } };
      if (event.type !== 'batchFinished') return undefined;
      const next = { ...state, sum: state.sum + event.loss };
      if (event.step % 5 === 1) return { state: next, commands: [setLearningRate(0.02 / event.step)] };
      if (event.step % 7 === 6) return { state: next, commands: [restore('kept'), evaluateNow()] };
      return { state: next };
    },
  });

function digest(model: Model): string {
  const { session, compiled } = pipelineOf(model);
  return compiled.module.state
    .map(({ id }) => `${id} ${Buffer.from(session.read(id).buffer).toString('hex')}`)
    .join('\n');
}

/** Events as they are the same in every run: without their times, and without what the disk decides. */
function facts(events: readonly RunEvent[]): readonly object[] {
  return events
    .filter(({ type, ...event }) => type !== 'runResumed' && !('place' in event && event.place === 'disk'))
    .map(({ time, ...event }) =>
      'validation' in event || 'history' in event ? JSON.parse(JSON.stringify(event)) : event,
    );
}

async function ended(rows: Points, options: TrainOptions) {
  const events: RunEvent[] = [];
  const run = train(learner(rows), { seed: 5, ...options });
  run.events$.subscribe((event) => events.push(event));
  const result = await run.finished;
  expect(illegal(events)).toBeUndefined();
  return { events, result, digest: digest(result.model as Model) };
}

test('whatever the data, wherever it is broken off', async () => {
  const chain = fc.array(fc.constantFrom(...Object.keys(stages)), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(sources)),
      chain,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 4 }),
      async (source, names, every, copyAt) => {
        const rows = (): Points => names.reduce((rows, name) => stages[name]!(rows), sources[source]!());
        const folder = await mkdtemp(join(tmpdir(), 'millrace-resume-'));
        try {
          const hooks = (directory: string): Hook[] => [
            busy(),
            earlyStopping({ patience: 2, restoreBest: true }),
            checkpoint(join(folder, directory), { every: [every, 'steps'], keep: 2 }),
          ];
          // The directory as it stands at some moment is what a crash would leave.
          let saved = 0;
          let copied = false;
          const copies: Hook = defineHook({
            name: 'copies',
            events: ['checkpointSaved'],
            on: (_, event) => {
              if (event.type !== 'checkpointSaved' || event.place !== 'disk' || ++saved !== copyAt) return;
              copying = cp(join(folder, 'a'), join(folder, 'b'), { recursive: true }).then(() => {
                copied = true;
              });
            },
          });
          let copying: Promise<void> = Promise.resolve();
          const whole = await ended(rows(), { epochs: 4, hooks: [...hooks('a'), copies] });
          await copying;
          count('runs');
          if (!copied) return;
          await rm(join(folder, 'b', 'lock'), { force: true });
          const rest = await ended(rows(), { epochs: 4, hooks: hooks('b'), resume: true });
          const [first] = rest.events;
          expect(first).toMatchObject({ type: 'runResumed', exact: true, fresh: [], unused: [] });
          expect(rest.digest).toBe(whole.digest);
          expect(facts(rest.events)).toEqual(
            facts(whole.events).filter((event) => (event as RunEvent).number > first!.number),
          );
          expect(rest.result.history.map(({ loss }) => loss)).toEqual(
            whole.result.history.map(({ loss }) => loss),
          );
          count('exact');
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: runs(16) },
  );
});

test('cancelled after any step, the last of an epoch among them', async () => {
  const whole = await ended(sources.arrays!(), { epochs: 3, hooks: [busy()] });
  for (let step = 1; step < whole.result.steps; step++) {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-resume-'));
    try {
      const hooks = (): Hook[] => [busy(), checkpoint(folder, { every: [1000, 'steps'] })];
      const run = train(learner(sources.arrays!()), { seed: 5, epochs: 3, hooks: hooks() });
      run.events$.subscribe((event) => {
        if (event.type === 'batchFinished' && event.step === step) run.cancel();
      });
      expect((await run.finished).outcome).toBe('cancelled');
      const rest = await ended(sources.arrays!(), { epochs: 3, hooks: hooks(), resume: true });
      const [first] = rest.events;
      expect(first).toMatchObject({ type: 'runResumed', step, exact: true });
      expect(rest.digest).toBe(whole.digest);
      expect(facts(rest.events)).toEqual(
        facts(whole.events).filter((event) => (event as RunEvent).number > first!.number),
      );
      count('cancelled');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
});
