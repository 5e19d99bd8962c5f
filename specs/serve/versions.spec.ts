/** Answers while a model learns are of one published version each, which they name, whoever asks and whenever. */
import { describe, expect, test } from 'vitest';
import type { Run, TrainOptions, Version } from '../../runtime/index.ts';
import { defineHook, publish, restore, snapshot, train } from '../../runtime/index.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';
import { asking, counting, width } from './steps-in-weights.ts';

const count = tally('serving', { predictions: 10_000, versions: 90, aside: 20, lists: 300, streamed: 500 });

/** What was published, by version: the step. */
function publishedBy(run: Pick<Run, 'events$'>): ReadonlyMap<number, number> {
  const published = new Map<number, number>();
  run.events$.subscribe((event) => {
    if (event.type === 'modelPublished') published.set(event.version, event.step);
  });
  return published;
}

/** What is answered: counted, and held to what it says of itself. */
class Answered {
  count = 0;
  readonly versions = new Map<number, number>();

  /** Every number of an answer must be the row's times the step that the answer names. */
  add({ version, step }: Version, value: number, answer: unknown): void {
    const { first, second } = answer as { first: readonly number[]; second: readonly number[] };
    const expected = value * step;
    const isWhole = first.length === width && second.length === width;
    if (!isWhole || first.some((x) => x !== expected) || second.some((x) => x !== expected))
      expect({ version, step, first, second }).toEqual({ version, step, all: expected });
    const before = this.versions.get(version) ?? step;
    if (before !== step) expect({ version, step }).toEqual({ version, step: before });
    this.versions.set(version, step);
    this.count++;
  }

  /** Each version must be one that was published, after the step that the answers name. */
  hold(published: ReadonlyMap<number, number>): void {
    const wrong = [...this.versions].filter(([version, step]) => published.get(version) !== step);
    expect(wrong).toEqual([]);
    count('predictions', this.count);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

type Row = ReturnType<typeof asking>;

interface Setup extends TrainOptions {
  readonly every: number;
  readonly predictions: number;
  readonly size?: number;
  readonly weight?: number;
}

async function predictMeanwhile({ every, predictions, size, weight, ...options }: Setup): Promise<void> {
  const pipeline = counting({ ...(size && { size }), ...(weight && { weight }) });
  const run = train(pipeline, { ...options, hooks: [publish({ every: [every, 'steps'] })] });
  const published = publishedBy(run);
  const seen = new Answered();
  const { serving } = run;
  let isOver = false;
  let asked = 0;
  const ask = (): void => {
    const value = ++asked % 7;
    const { answer, ...version } = serving.predict(asking(value));
    seen.add(version, value, answer);
  };
  const askForList = (): void => {
    const values = [1, 2, 3, 5, 6, 4, 0].slice(0, 1 + (++asked % 7));
    const { answers, ...version } = serving.predict(values.map(asking));
    for (const [at, value] of values.entries()) seen.add(version, value, answers[at]);
    count('lists');
  };
  // Within the run's own turns: before a command is carried out, and in all that it waits for meanwhile.
  const amongPromises = async (): Promise<void> => {
    for (let i = 0; i < 6; i++) {
      await null;
      (i % 3 === 2 ? askForList : ask)();
    }
  };
  const meanwhile: Promise<void>[] = [];
  run.events$.subscribe((event) => {
    if (event.type !== 'batchFinished' || !serving.version || isOver) return;
    ask();
    if (event.step % 5 < 2) meanwhile.push(amongPromises());
  });
  await serving.ready();
  const timers = async (): Promise<void> => {
    while (!isOver) {
      await pause(asked % 3);
      ask();
      askForList();
    }
  };
  const turns = async (): Promise<void> => {
    while (!isOver) {
      await turn();
      for (let i = 0; i < 5; i++) ask();
    }
  };
  const rowsAtOnce = function* () {
    for (let value = 1; !isOver; value = (value + 1) % 7) yield asking(value);
  };
  const rowsInTurn = async function* () {
    for (const row of rowsAtOnce()) {
      if (row.x[0] === 0) await turn();
      yield row;
    }
  };
  const stream = async (rows: Iterable<Row> | AsyncIterable<Row>, slow: boolean): Promise<void> => {
    let expected = 0;
    for await (const { answer, ...version } of serving.predict$(rows)) {
      expected = (expected + 1) % 7;
      seen.add(version, expected, answer);
      count('streamed');
      await (slow ? pause(2) : turn());
    }
  };
  const streams = [
    stream(rowsInTurn(), false),
    stream(rowsInTurn(), true),
    stream(rowsAtOnce(), false),
    stream(rowsAtOnce(), true),
  ];
  const all = [timers(), turns(), ...streams];
  while (seen.count < predictions) await pause(5);
  isOver = true;
  await Promise.all([...all, ...meanwhile]);
  run.stop();
  const { model } = await run.finished;
  seen.hold(published);
  expect(seen.versions.size).toBeGreaterThan(1);
  count('versions', published.size);
  // What training left is the last version, and is answered by afterwards, too.
  const [last] = model.predict([asking(1)]);
  expect(serving.predict(asking(1)).answer).toEqual(last);
  model.dispose();
}

test.each<[name: string, options: Omit<Setup, 'predictions'>, predictions: number]>([
  ['wasm on this thread', { engine: 'wasm', threads: 0, every: 1 }, 4000],
  ['wasm in two threads', { engine: 'wasm', threads: 2, every: 3 }, 4000],
  ['reference', { engine: 'reference', every: 2 }, 2000],
])(
  '%s: each answer is of exactly one version',
  async (_, options, predictions) => {
    await predictMeanwhile({ ...options, predictions: runs(predictions) });
  },
  runs(120_000),
);

test('and while steps run aside, in threads of their own', async () => {
  let aside = 0;
  const pipeline = counting({ size: 1024, weight: 12_000 });
  const run = train(pipeline, { threads: 2, hooks: [publish({ every: [1, 'steps'] })], steps: 1e9 });
  const published = publishedBy(run);
  let isInStep = false;
  run.events$.subscribe((event) => {
    if (event.type === 'batchStarted') isInStep = true;
    if (event.type === 'batchFinished') isInStep = false;
  });
  await run.serving.ready();
  const seen = new Answered();
  while (aside < 20) {
    await turn();
    if (isInStep) aside++;
    for (let i = 0; i < 10; i++) {
      const { answer, ...version } = run.serving.predict(asking(i));
      seen.add(version, i, answer);
    }
  }
  run.cancel();
  (await run.finished).model.dispose();
  seen.hold(published);
  count('aside', aside);
});

test('rows are read no faster than answers are taken', async () => {
  const run = train(counting(), { hooks: [publish({ every: [1, 'steps'] })] });
  await run.serving.ready();
  let [read, taken, most] = [0, 0, 0];
  const watched = (): Row => {
    read++;
    most = Math.max(most, read - taken);
    return asking(read % 5);
  };
  const pulled = async function* () {
    for (let i = 0; i < 100; i++) yield watched();
  };
  const atOnce = function* () {
    for (let i = 0; i < 200; i++) yield watched();
  };
  const take = async (answers: AsyncIterable<unknown>): Promise<void> => {
    for await (const _ of answers) {
      taken++;
      if (taken % 3 === 0) await pause(1);
    }
  };
  await take(run.serving.predict$(pulled()));
  // One is handed on while the next one is not asked for.
  expect({ read, taken, most }).toEqual({ read: 100, taken: 100, most: 1 });
  [read, taken, most] = [0, 0, 0];
  await take(run.serving.predict$(atOnce()));
  // Rows that are there without waiting are taken a batch at a time; the pipeline's batches have four.
  expect({ read, taken }).toEqual({ read: 200, taken: 200 });
  expect(most).toBeLessThanOrEqual(64);
  run.cancel();
  (await run.finished).model.dispose();
});

test('nothing is answered before the first version', async () => {
  const run = train(counting(), { hooks: [publish({ every: [5, 'steps'] })], steps: 7 });
  const { serving } = run;
  expect(serving.version).toBeUndefined();
  for (const attempt of [
    () => serving.predict(asking(1)),
    () => serving.predict([asking(1)]),
    () => serving.predict$([asking(1)]).next(),
  ]) {
    const [diagnostic] = await refused(attempt);
    expect(diagnostic).toMatchObject({ code: 'RUN814', received: 'a question before the first version' });
  }
  await serving.ready();
  expect(serving.version).toEqual({ version: 1, step: 1 });
  const { model } = await run.finished;
  expect(serving.version).toMatchObject({ step: 7 });
  model.dispose();
});

/** The steps that versions were published after, of a run whose batches are heard. */
async function stepsPublished(
  options: TrainOptions,
  onStep: (run: Run, step: number) => void,
): Promise<number[]> {
  const steps: number[] = [];
  const run = train(counting(), options);
  run.events$.subscribe((event) => {
    if (event.type === 'modelPublished') steps.push(event.step);
    if (event.type === 'batchFinished') onStep(run, event.step);
  });
  (await run.finished).model.dispose();
  return steps;
}

describe('the last version is published once', () => {
  const hooks = [publish({ every: [1, 'steps'] })];

  test('where it was asked for after the last step', async () => {
    expect(await stepsPublished({ hooks, steps: 4 }, () => {})).toEqual([1, 2, 3, 4]);
  });

  test('where a cancel came before what was asked for was done', async () => {
    const steps = await stepsPublished({ hooks }, (run, step) => step === 4 && run.cancel());
    expect(steps).toEqual([1, 2, 3, 4]);
  });

  test('and once more where the weights are others by then', async () => {
    const back = defineHook({
      name: 'back',
      initialState: 0,
      events: ['batchFinished'],
      on: (state, { step }) => ({
        state,
        commands: step === 2 ? [snapshot('second')] : step === 4 ? [restore('second')] : [],
      }),
    });
    expect(await stepsPublished({ hooks: [...hooks, back], steps: 4 }, () => {})).toEqual([1, 2, 3, 4, 4]);
  });
});
