/** The hook that watches for drift: it tells what its detector finds in the batches of a run, and asks for what it was told to. */
import { describe, expect, test } from 'vitest';
import { float } from '../../dsl/column.ts';
import { arrays } from '../../dsl/dataset.ts';
import type { BatchFinished, Detector, DriftDetected, RunEvent, TrainOptions } from '../../runtime/index.ts';
import {
  adwin,
  cusum,
  ddm,
  defineDetector,
  driftDetection,
  pageHinkley,
  setLearningRate,
  stop,
  train,
} from '../../runtime/index.ts';
import {
  abs,
  add,
  greater,
  meanSquaredError,
  multiply,
  param,
  pipeline,
  sgd,
  subtract,
  where,
} from '../../stdlib/index.ts';
import { fakeRun } from '../support/fake-run.ts';
import { randomNumbers } from '../support/random-numbers.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('drift in runs', { batches: 3000, drifts: 6 });

/** Rows whose y is 2x at first and −x later, learnt by a line. */
function changingLine(size: number, rows = 1200, changeAt = 600) {
  const random = randomNumbers(17);
  const x = Float32Array.from({ length: rows }, () => random() * 2 - 1);
  const y = x.map((value, i) => (i < changeAt ? 2 : -1) * value + 0.1 * (random() - 0.5));
  const weight = param([]);
  return pipeline({
    data: arrays({ x: float, y: float }, { x, y }).batch(size),
    model: (row) => multiply(row.x, weight),
    loss: (predicted, row) => meanSquaredError(row.y, predicted),
    metrics: {
      wrong: (predicted, row) =>
        where(greater(abs(subtract(row.y, predicted)), 0.04), add(multiply(predicted, 0), 1), 0),
    },
    optimizer: sgd({ learningRate: 0.05 }),
  });
}

async function eventsOf(line: ReturnType<typeof changingLine>, options: TrainOptions): Promise<RunEvent[]> {
  const run = train(line, options);
  const events: RunEvent[] = [];
  run.events$.subscribe((event) => events.push(event));
  await run.finished;
  return events;
}

const driftsIn = (events: readonly RunEvent[]): DriftDetected[] =>
  events.filter((event) => event.type === 'driftDetected');
const batchesIn = (events: readonly RunEvent[]): BatchFinished[] =>
  events.filter((event) => event.type === 'batchFinished');

describe('a run tells where its stream changes', () => {
  test.each<[string, Detector]>([
    ['adwin', adwin({ clock: 4 })],
    ['cusum', cusum()],
    ['pageHinkley', pageHinkley({ threshold: 1 })],
  ])('by its loss, with %s, exactly where the detector says so', async (name, detector) => {
    const startFromStep = 100;
    const events = await eventsOf(changingLine(2), {
      epochs: 1,
      hooks: [driftDetection({ detector, startFromStep })],
    });
    let state = detector.initialState;
    const want = batchesIn(events).flatMap(({ step, loss }) => {
      count('batches');
      if (step <= startFromStep) return [];
      const detected = detector.update(state, loss);
      state = detected.state;
      return detected.verdict === 'drift' ? [{ step, value: loss }] : [];
    });
    const got = driftsIn(events);
    expect(got).toMatchObject(
      want.map((drift) => ({ ...drift, detector: name, monitor: 'loss', verdict: 'drift' })),
    );
    expect(got.some(({ step }) => step > 300 && step < 360)).toBe(true);
    expect(got.every(({ step }) => step > 300)).toBe(true);
    count('drifts', got.length);
  });

  test('by the errors of single rows, with warnings told once each', async () => {
    const hooks = [driftDetection({ monitor: 'wrong', detector: ddm(), startFromStep: 100 })];
    const events = await eventsOf(changingLine(1), { epochs: 1, hooks });
    const told = driftsIn(events);
    expect(told.every(({ value }) => value === 0 || value === 1)).toBe(true);
    const found = told.filter(({ verdict }) => verdict === 'drift');
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]!.step).toBeGreaterThan(600);
    expect(found[0]!.step).toBeLessThan(700);
    const { initialState, update } = ddm();
    let [state, last] = [initialState, 'stable'];
    const want = batchesIn(events).flatMap(({ step, metrics }, i, all) => {
      if (step <= 100) return [];
      const value = Math.round(metrics.wrong! * step - (all[i - 1]?.metrics.wrong ?? 0) * (step - 1));
      const { state: next, verdict } = update(state, value);
      const isNews = verdict === 'drift' || (verdict === 'warning' && last !== 'warning');
      [state, last] = [next, verdict];
      return isNews ? [{ step, verdict }] : [];
    });
    expect(told.map(({ step, verdict }) => ({ step, verdict }))).toEqual(want);
    expect(want.some(({ verdict }) => verdict === 'warning')).toBe(true);
    count('batches', batchesIn(events).length);
    count('drifts', found.length);
  });
});

describe('a drift asks for what was said', () => {
  test('another learning rate, after the event', async () => {
    const onDrift = [setLearningRate(0.5)];
    const hooks = [driftDetection({ detector: adwin({ clock: 4 }), startFromStep: 100, onDrift })];
    const events = await eventsOf(changingLine(2), { epochs: 1, hooks });
    const at = events.findIndex(({ type }) => type === 'driftDetected');
    expect(events[at + 1]).toMatchObject({ type: 'learningRateChanged', learningRate: 0.5 });
    expect(events[at + 1]!.step).toBe(events[at]!.step);
    count('drifts');
  });

  test('an end', async () => {
    const hooks = [
      driftDetection({ detector: cusum(), startFromStep: 100, onDrift: [stop('the line has changed')] }),
    ];
    const events = await eventsOf(changingLine(2), { epochs: 9, hooks });
    expect(events.at(-1)).toMatchObject({ type: 'runFinished', reason: 'the line has changed', epochs: 1 });
  });
});

/** Says drift at every value: what the hook fed it is what it tells. */
const echo = defineDetector(
  'echo',
  () => ({ initialState: null, update: () => ({ state: null, verdict: 'drift' }) }),
  { takes: 'numbers', options: {}, examples: [] },
);

test('a metric is fed batch by batch, its complement too, and values that are no numbers are passed over', () => {
  const values = [0.25, Number.NaN, 1, 0, 0.5];
  for (const complement of [false, true]) {
    const hook = driftDetection({ monitor: 'accuracy', complement, detector: echo() });
    let state = hook.initialState;
    const fed = values.flatMap((accuracy, i) => {
      const answer = hook.on(state, {
        type: 'batchFinished',
        ...{ number: 1, time: 0, step: i + 1, epoch: 1, size: 4, loss: 1 },
        metrics: { accuracy: 0.9 },
        batchMetrics: { accuracy },
      });
      state = answer?.state ?? state;
      const [command] = answer?.commands ?? [];
      return command?.command === 'report' && 'value' in command.event ? [command.event.value] : [];
    });
    expect(fed).toEqual([0.25, 1, 0, 0.5].map((value) => (complement ? 1 - value : value)));
    count('batches', values.length);
  }
});

describe('what it cannot do is refused', () => {
  const data = arrays({ x: float }, { x: Float32Array.of(1, 2, 3) }).batch(1);

  test('watching a metric that the run does not have, before the first step', async () => {
    const { run, engine } = fakeRun({ data }, { hooks: [driftDetection({ monitor: 'row' })] });
    expect(await refused(run.finished)).toMatchObject([{ code: 'RUN805', hint: 'did you mean rows?' }]);
    expect(engine.steps).toBe(0);
  });

  test('watching an objective that there is not', async () => {
    const { run } = fakeRun({ data }, { hooks: [driftDetection({ monitor: 'losses.critic' })] });
    expect(await refused(run.finished)).toMatchObject([{ code: 'RUN805', received: 'losses.critic' }]);
  });

  test.each([
    { detector: adwin },
    { onDrift: stop('drift') },
    { startFromStep: -1 },
    { monitor: 3 },
    { detectors: [] },
  ])('an option that does not fit: %o', async (options) => {
    expect(await refused(() => driftDetection(options as never))).toMatchObject([{ code: 'RUN801' }]);
  });
});
