/** The hook that watches for drift: it tells what its detector finds in the batches of a run, and asks for what it was told to. */
import fc from 'fast-check';
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
import { runs } from '../support/effort.ts';
import { fakeRun } from '../support/fake-run.ts';
import { randomNumbers } from '../support/random-numbers.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('drift in runs', { batches: 3500, drifts: 6 });

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

/** What a detector is fed, for batches with these metrics. */
function fed(
  hook: ReturnType<typeof driftDetection>,
  batches: readonly { size: number; hits: number; epoch?: number }[],
) {
  let state = hook.initialState;
  let [rows, mean, epochNow] = [0, 0, 1];
  return batches.map(({ size, hits, epoch = 1 }, i) => {
    if (epoch !== epochNow) [rows, mean, epochNow] = [0, 0, epoch];
    mean = (mean * rows + hits) / (rows + size);
    rows += size;
    const metrics = { accuracy: Math.fround(mean) };
    const event = {
      type: 'batchFinished',
      number: 1,
      time: 0,
      step: i + 1,
      epoch,
      size,
      loss: 1,
      metrics,
    } as const;
    const answer = hook.on(state, event);
    if (!answer?.state) throw new Error('internal: no answer');
    state = JSON.parse(JSON.stringify(answer.state));
    const [command] = answer.commands ?? [];
    return command?.command === 'report' && 'value' in command.event ? command.event.value : undefined;
  });
}

describe('a metric is fed batch by batch', () => {
  const batch = fc.record({
    size: fc.integer({ min: 1, max: 40 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  test('exactly, where rows are hits or not', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 60 }), fc.boolean(), (batches, complement) => {
        const all = batches.map(({ size, share }, i) => ({
          size,
          hits: Math.round(size * share),
          epoch: 1 + Math.floor(i / 7),
        }));
        const got = fed(driftDetection({ monitor: 'accuracy', complement, detector: echo() }), all);
        expect(got).toEqual(all.map(({ size, hits }) => (complement ? 1 - hits / size : hits / size)));
        count('batches', all.length);
      }),
      { numRuns: runs(200) },
    );
  });

  test('after a million rows in one epoch, too', () => {
    const random = randomNumbers(23);
    const singles = Array.from({ length: 2000 }, () => ({ size: 1, hits: Number(random() < 0.9) }));
    const all = [{ size: 1_000_000, hits: 900_000 }, ...singles];
    const got = fed(driftDetection({ monitor: 'accuracy', detector: echo() }), all);
    expect(got.slice(1)).toEqual(singles.map(({ hits }) => hits));
  });
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
