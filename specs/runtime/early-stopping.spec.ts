/** Early stopping against a plain reading of Keras's rule, and what it leaves behind however a run ends. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { float } from '../../dsl/column.ts';
import { arrays } from '../../dsl/dataset.ts';
import type { EarlyStoppingOptions } from '../../runtime/index.ts';
import { defineHook, earlyStopping } from '../../runtime/index.ts';
import { runs } from '../support/effort.ts';
import { fakeRun } from '../support/fake-run.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('early stopping', { runs: 500, stopped: 150, exhausted: 50 });

const data = arrays({ x: float }, { x: Float32Array.from({ length: 6 }, (_, i) => i) }).batch(3);

interface Verdict {
  readonly epochs: number;
  readonly best: number | undefined;
}

/** Keras 3's EarlyStopping, written down from its documentation; epochs count from 1. */
function oracle(losses: readonly number[], options: EarlyStoppingOptions): Verdict {
  const { patience = 0, minDelta = 0, baseline, startFromEpoch = 0, mode = 'min' } = options;
  const better = (a: number, b: number): boolean => (mode === 'max' ? a - minDelta > b : a + minDelta < b);
  let best = mode === 'max' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  let bestEpoch: number | undefined;
  let wait = 0;
  for (const [at, loss] of losses.entries()) {
    if (at < startFromEpoch) continue;
    wait++;
    if (better(loss, best)) {
      best = loss;
      bestEpoch = at + 1;
      if (baseline === undefined || better(loss, baseline)) wait = 0;
    } else if (wait >= patience && at > 0) return { epochs: at + 1, best: bestEpoch };
  }
  return { epochs: losses.length, best: bestEpoch };
}

const options = fc.record(
  {
    patience: fc.nat(4),
    minDelta: fc.constantFrom(0, 1, 2),
    baseline: fc.integer({ min: 0, max: 12 }),
    startFromEpoch: fc.nat(3),
    mode: fc.constantFrom('min' as const, 'max' as const),
  },
  { requiredKeys: [] },
);

test('stops when Keras would, and ends with the weights of the best epoch', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 10 }),
      options,
      async (losses, options) => {
        const expected = oracle(losses, options);
        const weights: number[] = [];
        const { run, engine, events } = fakeRun(
          { data, validation: data },
          {
            epochs: losses.length,
            hooks: [
              defineHook({
                name: 'weights',
                on: (_, event) => void (event.type === 'epochFinished' && weights.push(engine.weight)),
              }),
              earlyStopping({ ...options, mode: options.mode ?? 'min', restoreBest: true }),
            ],
          },
          { validationLoss: (evaluation) => losses[evaluation]! },
        );
        const result = await run.finished;
        expect(result.epochs).toBe(expected.epochs);
        expect(engine.weight).toBe(weights[(expected.best ?? expected.epochs) - 1]);
        const restored = events.filter(({ type }) => type === 'checkpointRestored');
        expect(restored).toMatchObject(expected.best === undefined ? [] : [{ from: expected.best * 2 }]);
        count('runs');
        count(result.epochs < losses.length ? 'stopped' : 'exhausted');
      },
    ),
    { numRuns: runs(600) },
  );
});

describe('the best weights are restored', () => {
  /** Validation is best after the second of many epochs. */
  const validationLoss = (evaluation: number): number => Math.abs(evaluation - 1);
  const best = async (): Promise<number> => {
    const { run, engine } = fakeRun({ data }, { epochs: 2 });
    await run.finished;
    return engine.weight;
  };
  const hooks = [earlyStopping({ patience: 100, restoreBest: true })];

  test('when the epochs are over', async () => {
    const { run, engine } = fakeRun({ data, validation: data }, { epochs: 5, hooks }, { validationLoss });
    await run.finished;
    expect(engine.weight).toBe(await best());
  });

  test('when the run is cancelled', async () => {
    const { run, engine, events } = fakeRun(
      { data, validation: data },
      { epochs: 50, hooks },
      { validationLoss },
    );
    run.events$.subscribe(({ step }) => step === 9 && run.cancel());
    expect((await run.finished).outcome).toBe('cancelled');
    expect(engine.weight).toBe(await best());
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['checkpointRestored', 'runCancelled']);
  });

  test.each([{ failAt: 9 }, { nanAt: 9 }])('when the run fails: %j', async (fake) => {
    const { run, engine } = fakeRun(
      { data, validation: data },
      { epochs: 50, hooks },
      { validationLoss, ...fake },
    );
    await refused(run.finished);
    expect(engine.weight).toBe(await best());
    expect(run.model).toBeDefined();
  });

  test('when another hook fails on the very event that made them best', async () => {
    const broken = defineHook({
      name: 'broken',
      on: (_, event) => {
        if (event.type === 'epochFinished' && event.epoch === 2) throw new Error('broken');
      },
    });
    const all = [...hooks, broken];
    const { run, engine } = fakeRun(
      { data, validation: data },
      { epochs: 5, hooks: all },
      { validationLoss },
    );
    expect(await refused(run.finished)).toMatchObject([{ code: 'RUN803' }]);
    expect(engine.weight).toBe(await best());
  });
});

describe('what it cannot do is refused', () => {
  test('watching what the run does not have, before the first step', async () => {
    const { run, engine } = fakeRun({ data }, { hooks: [earlyStopping()] });
    expect(await refused(run.finished)).toMatchObject([
      { code: 'RUN805', hint: 'give the pipeline validation: rows.batch(size)' },
    ]);
    expect(engine.steps).toBe(0);
  });

  test('a misspelt metric, with what was meant', async () => {
    const hooks = [earlyStopping({ monitor: 'validation.row', mode: 'max' })];
    const { run } = fakeRun({ data, validation: data }, { hooks });
    expect(await refused(run.finished)).toMatchObject([
      { code: 'RUN805', hint: 'did you mean validation.rows?' },
    ]);
  });

  test('guessing which way is better', async () => {
    expect(await refused(() => earlyStopping({ monitor: 'rows' }))).toMatchObject([{ code: 'RUN801' }]);
    expect(earlyStopping({ monitor: 'validation.accuracy' }).name).toBe('earlyStopping');
  });

  test('a patience that is no number of epochs', async () => {
    expect(await refused(() => earlyStopping({ patience: -1 }))).toMatchObject([{ code: 'RUN801' }]);
  });
});
