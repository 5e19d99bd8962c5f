/** Prequential estimates against their definition over all values, by themselves and in a run. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { float } from '../../dsl/column.ts';
import { arrays } from '../../dsl/dataset.ts';
import type { PrequentialEvaluated, PrequentialOptions, RunEvent } from '../../runtime/index.ts';
import { prequential, prequentialEvaluation } from '../../runtime/index.ts';
import { runs } from '../support/effort.ts';
import { fakeRun } from '../support/fake-run.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('prequential estimates', { estimates: 4000, pending: 300, told: 100 });

/** The definition: weights of all values whose labels have come, written out. */
function definition(
  values: readonly number[],
  { window, fading = 0.999, delay = 0 }: PrequentialOptions,
): number | null {
  const known = values.slice(0, Math.max(0, values.length - delay));
  const weights = known.map((_, i) => {
    const age = known.length - 1 - i;
    return window === undefined ? fading ** age : Number(age < window);
  });
  const total = weights.reduce((a, b) => a + b, 0);
  return known.length === 0 ? null : known.reduce((all, value, i) => all + value * weights[i]!, 0) / total;
}

const options = fc.oneof(
  fc.record({ window: fc.integer({ min: 1, max: 20 }), delay: fc.nat(6) }, { requiredKeys: ['window'] }),
  fc.record({ fading: fc.double({ min: 0.1, max: 1, noNaN: true }), delay: fc.nat(6) }, { requiredKeys: [] }),
);

test('an estimate is the weighted mean of all values whose labels have come', () => {
  const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 15, maxLength: 60 });
  fc.assert(
    fc.property(options, values, (given, stream) => {
      const { initialState, update } = prequential(given);
      let state = initialState;
      stream.forEach((value, i) => {
        const before = JSON.stringify(state);
        const { state: next, estimate } = update(state, value);
        expect(JSON.stringify(state)).toBe(before);
        state = JSON.parse(JSON.stringify(next));
        const want = definition(stream.slice(0, i + 1), given);
        if (want === null) expect(estimate).toBeNull();
        else expect(estimate).toBeCloseTo(want, 9);
        count(want === null ? 'pending' : 'estimates');
      });
    }),
    { numRuns: runs(250) },
  );
});

describe('in a run', () => {
  const data = arrays({ x: float }, { x: Float32Array.from({ length: 30 }, (_, i) => i) }).batch(1);
  const toldIn = (events: readonly RunEvent[]): PrequentialEvaluated[] =>
    events.filter((event) => event.type === 'prequentialEvaluated');

  test.each<PrequentialOptions>([{ window: 4 }, { fading: 0.9, delay: 3 }, {}])(
    '%o is told every so many steps',
    async (given) => {
      const { run, events } = fakeRun(
        { data },
        { epochs: 5, hooks: [prequentialEvaluation({ ...given, every: 4 })] },
      );
      await run.finished;
      const losses = events.flatMap((event) => (event.type === 'batchFinished' ? [event.loss] : []));
      const told = toldIn(events);
      expect(told.map(({ step }) => step)).toEqual(Array.from({ length: 37 }, (_, i) => 4 * (i + 1)));
      for (const { step, estimate, count: counted, monitor } of told) {
        expect(monitor).toBe('loss');
        expect(counted).toBe(step - (given.delay ?? 0));
        expect(estimate).toBeCloseTo(definition(losses.slice(0, step), given)!, 9);
        count('told');
      }
    },
  );

  test('what it cannot do is refused', async () => {
    expect(await refused(() => prequentialEvaluation({ window: 3, fading: 0.9 }))).toMatchObject([
      { code: 'RUN801' },
    ]);
    expect(await refused(() => prequentialEvaluation({ every: 0 }))).toMatchObject([{ code: 'RUN801' }]);
    const { run, engine } = fakeRun({ data }, { hooks: [prequentialEvaluation({ monitor: 'row' })] });
    expect(await refused(run.finished)).toMatchObject([{ code: 'RUN805', hint: 'did you mean rows?' }]);
    expect(engine.steps).toBe(0);
  });
});
