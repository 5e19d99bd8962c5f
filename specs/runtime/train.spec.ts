/** What `train` promises beside the order of its events: repeatability, cancelling, commands of hooks, failures told. */
import { filter, map, NEVER } from 'rxjs';
import { describe, expect, test, vi } from 'vitest';
import { float } from '../../dsl/column.ts';
import { arrays, from } from '../../dsl/dataset.ts';
import type { Command, TrainOptions } from '../../runtime/index.ts';
import {
  atEnd,
  DiagnosticError,
  defineHook,
  evaluateNow,
  restore,
  setLearningRate,
  snapshot,
  stop,
} from '../../runtime/index.ts';
import { fakeRun } from '../support/fake-run.ts';
import { refused } from '../support/refused.ts';

const data = arrays({ x: float }, { x: Float32Array.from({ length: 10 }, (_, i) => i) }).batch(4);
const typesOf = (events: readonly { readonly type: string }[]): string[] => events.map(({ type }) => type);

describe('a run', () => {
  test('tells all that happens, in order', async () => {
    const { run, events } = fakeRun({ data, validation: data }, { epochs: 1, seed: 7, name: 'ten' });
    const result = await run.finished;
    expect(typesOf(events)).toEqual([
      'runStarted',
      'epochStarted',
      ...Array.from({ length: 3 }, () => ['batchStarted', 'batchFinished']).flat(),
      'evaluationStarted',
      'evaluationFinished',
      'epochFinished',
      'runFinished',
    ]);
    expect(events[0]).toMatchObject({
      ...{ pipeline: 'ten', engine: 'fake', seed: 7, epochs: 1, metrics: ['rows'], validation: true },
      ...{ step: 0, epoch: 0 },
    });
    expect(events[1]).toMatchObject({ step: 0, epoch: 1, batches: 3 });
    expect(events[2]).toMatchObject({ step: 1, epoch: 1, size: 4 });
    expect(events[7]).toMatchObject({ step: 3, size: 2, metrics: { rows: 10 } });
    const end = {
      loss: Math.fround(1 / 3),
      metrics: { rows: 10 },
      validation: { loss: 1, metrics: { rows: 10 } },
    };
    expect(events.at(-1)).toMatchObject({ ...end, reason: 'epochs', steps: 3, epochs: 1 });
    expect(result).toMatchObject({ ...end, outcome: 'finished', reason: 'epochs', steps: 3, epochs: 1 });
    expect(result.history).toMatchObject([{ type: 'epochFinished', ...end }]);
  });

  test('sums its metrics anew in each epoch', async () => {
    const { run, events } = fakeRun({ data, validation: data }, { epochs: 3 });
    await run.finished;
    const ends = events.filter((event) => event.type === 'epochFinished');
    expect(ends.map(({ metrics, validation }) => [metrics.rows, validation!.metrics.rows])).toEqual(
      Array.from({ length: 3 }, () => [10, 10]),
    );
  });

  test('evaluates as often as it is told', async () => {
    const { run, events } = fakeRun({ data, validation: data }, { epochs: 7, evaluateEvery: 3 });
    await run.finished;
    const evaluated = events.filter((event) => event.type === 'epochFinished' && event.validation);
    expect(evaluated.map(({ epoch }) => epoch)).toEqual([3, 6]);
  });

  test('goes on over epochs until its steps are made', async () => {
    const { run } = fakeRun({ data }, { steps: 8 });
    expect(await run.finished).toMatchObject({ reason: 'steps', steps: 8, epochs: 3 });
  });

  test('tells the time by its clock', async () => {
    let now = 1000;
    const { run, events } = fakeRun({ data }, { clock: { now: () => now++ } });
    await run.finished;
    expect(events.map(({ time }) => time)).toEqual(events.map((_, at) => 1000 + at));
  });

  test.each<[string, TrainOptions]>([
    ['epochs', { epochs: -1 }],
    ['epochs', { epochs: 1.5 }],
    ['steps', { steps: Number.NaN }],
    ['seed', { seed: -1 }],
    ['seed', { seed: 2 ** 53 }],
    ['evaluateEvery', { evaluateEvery: 0 }],
  ])('refuses at once an option that makes no sense: %s', async (name, options) => {
    const problems = await refused(() => fakeRun({ data }, options));
    expect(problems).toMatchObject([{ code: 'RUN801', message: `train cannot use this value of ${name}` }]);
  });
});

describe('repeating', () => {
  const weight = async (seed: number): Promise<number> => {
    const shuffled = arrays({ x: float }, { x: Float32Array.from({ length: 50 }, (_, i) => i) }).shuffle();
    const { run, engine } = fakeRun({ data: shuffled.batch(8) }, { epochs: 3, seed });
    await run.finished;
    return engine.weight;
  };

  test('a run with its seed gives the same, with another another', async () => {
    const [first, again, other] = [await weight(5), await weight(5), await weight(6)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test('seeds above 32 bits differ as well', async () => {
    expect(await weight(5 + 2 ** 40)).not.toBe(await weight(5));
  });
});

describe('cancelling', () => {
  const endless = from({ x: float }, function* () {
    for (let x = 0; ; x++) yield { x };
  }).batch(2);
  const silent = from({ x: float }, NEVER, { overflow: 'latest' }).batch(2);

  test('by cancel, at the next batch boundary', async () => {
    const { run, events, engine } = fakeRun({ data: endless });
    run.events$.subscribe(
      (event) => event.type === 'batchStarted' && event.step === 5 && run.cancel('enough'),
    );
    expect(await run.finished).toMatchObject({ outcome: 'cancelled', reason: 'enough' });
    expect(engine.steps).toBe(5);
    expect(events.at(-1)).toMatchObject({ type: 'runCancelled', step: 5, reason: 'enough' });
  });

  test('by unsubscribe', async () => {
    const { run } = fakeRun({ data: endless });
    setImmediate(() => run.unsubscribe());
    expect(await run.finished).toMatchObject({ outcome: 'cancelled', reason: 'unsubscribed' });
  });

  test.each([
    ['while waiting for data that never come', silent],
    [
      'while an async source is stuck',
      from({ x: float }, async function* () {
        await new Promise(() => {});
        yield { x: 0 };
      }).batch(1),
    ],
  ])('by an AbortSignal, %s', async (_, data) => {
    const controller = new AbortController();
    const { run } = fakeRun({ data }, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('timed out')), 5);
    expect(await run.finished).toMatchObject({ outcome: 'cancelled', reason: 'timed out' });
  });

  test('before it began', async () => {
    const { run, events } = fakeRun({ data }, { signal: AbortSignal.abort('never mind') });
    expect(await run.finished).toMatchObject({ outcome: 'cancelled', reason: 'never mind', steps: 0 });
    expect(typesOf(events)).toEqual(['runStarted', 'runCancelled']);
  });

  test('closes the source', async () => {
    let closed = false;
    const source = from({ x: float }, function* () {
      try {
        for (;;) yield { x: 0 };
      } finally {
        closed = true;
      }
    });
    const { run } = fakeRun({ data: source.batch(2) });
    run.events$.subscribe(({ step }) => step === 3 && run.cancel());
    await run.finished;
    expect(closed).toBe(true);
  });

  test('afterwards does nothing', async () => {
    const { run } = fakeRun({ data });
    await run.finished;
    run.cancel();
    expect(await run.finished).toMatchObject({ outcome: 'finished' });
  });
});

/** A hook that gives these commands once, at the end of the given epoch. */
function asking(epoch: number, ...commands: readonly Command[]) {
  return defineHook({
    name: 'asking',
    events: ['epochFinished'],
    on: (_, event) => (event.epoch === epoch ? { commands } : undefined),
  });
}

describe('hooks', () => {
  test('hear what they want, and keep what they remember', async () => {
    const heard: unknown[] = [];
    const hook = defineHook({
      name: 'counter',
      initialState: { epochs: 0 },
      events: ['epochFinished', 'runFinished'],
      on(state, event) {
        heard.push([event.type, state.epochs]);
        return event.type === 'epochFinished' ? { state: { epochs: state.epochs + 1 } } : undefined;
      },
    });
    await fakeRun({ data }, { epochs: 2, hooks: [hook] }).run.finished;
    await fakeRun({ data }, { epochs: 1, hooks: [hook] }).run.finished;
    expect(heard).toEqual([
      ['epochFinished', 0],
      ['epochFinished', 1],
      ['runFinished', 2],
      ['epochFinished', 0],
      ['runFinished', 1],
    ]);
  });

  test('stop a run, which then finishes with their reason', async () => {
    const { run, events } = fakeRun({ data }, { epochs: 9, hooks: [asking(2, stop('bored'))] });
    expect(await run.finished).toMatchObject({ outcome: 'finished', reason: 'bored', epochs: 2 });
    expect(typesOf(events).slice(-2)).toEqual(['epochFinished', 'runFinished']);
  });

  test('stop in the middle of an epoch, which is then closed', async () => {
    const hook = defineHook({
      name: 'hasty',
      events: ['batchFinished'],
      on: (_, { step }) => (step === 2 ? { commands: [stop('hasty')] } : undefined),
    });
    const { run, events } = fakeRun({ data, validation: data }, { epochs: 9, hooks: [hook] });
    await run.finished;
    expect(typesOf(events).slice(-5)).toEqual([
      'batchFinished',
      'evaluationStarted',
      'evaluationFinished',
      'epochFinished',
      'runFinished',
    ]);
  });

  test('change the learning rate', async () => {
    const { run, events } = fakeRun({ data }, { epochs: 2, hooks: [asking(1, setLearningRate(0.125))] });
    await run.finished;
    expect(events.filter(({ type }) => type === 'learningRateChanged')).toMatchObject([
      { learningRate: 0.125, before: 0.5, step: 3, epoch: 1 },
    ]);
  });

  test('evaluate, keep and restore', async () => {
    const hooks = [
      asking(1, evaluateNow(), snapshot('one')),
      asking(3, restore('one')),
      asking(2, atEnd(restore('one'))),
    ];
    const once = fakeRun({ data }, { epochs: 1 });
    await once.run.finished;
    const { run, events, engine } = fakeRun({ data, validation: data }, { epochs: 4, hooks });
    await run.finished;
    expect(engine.weight).toBe(once.engine.weight);
    expect(events.filter(({ type }) => type.startsWith('checkpoint'))).toMatchObject([
      { type: 'checkpointSaved', generation: 'one', step: 3 },
      { type: 'checkpointRestored', generation: 'one', from: 3, step: 9 },
      { type: 'checkpointRestored', generation: 'one', from: 3, step: 12 },
    ]);
    expect(events.filter(({ type }) => type === 'evaluationFinished')).toHaveLength(5);
  });

  test.each<[string, Command]>([
    ['an evaluation without data', evaluateNow()],
    ['a snapshot that does not exist', restore('nothing')],
    ['a learning rate that is no number', setLearningRate(Number.NaN)],
    ['no command', { command: 'dance' } as never],
  ])('that ask for %s fail the run', async (_, command) => {
    const { run } = fakeRun({ data }, { hooks: [asking(1, command)] });
    expect(await refused(run.finished)).toMatchObject([{ code: 'RUN804' }]);
  });

  test.each(['runStarted', 'epochStarted', 'batchFinished', 'epochFinished', 'runFinished'] as const)(
    'that throw on %s fail the run by name',
    async (type) => {
      const cause = new Error('oh no');
      const hook = defineHook({
        name: 'clumsy',
        events: [type],
        on: () => {
          throw cause;
        },
      });
      const { run, events } = fakeRun({ data }, { hooks: [hook] });
      const error = await run.finished.catch((error: unknown) => error);
      expect(error).toBeInstanceOf(DiagnosticError);
      expect(error).toMatchObject({
        cause,
        diagnostics: [{ code: 'RUN803', message: 'the hook clumsy failed: oh no' }],
      });
      expect(events.at(-1)).toMatchObject({ type: 'runFailed', error: { code: 'RUN803' } });
    },
  );
});

describe('failures', () => {
  test('of the engine are told with their cause', async () => {
    const { run, events } = fakeRun({ data }, {}, { failAt: 2 });
    const error = await run.finished.catch((error: unknown) => error);
    expect(error).toMatchObject({
      diagnostics: [{ code: 'RUN806' }],
      cause: { message: 'the fake engine fails in step 2' },
    });
    expect(typesOf(events).slice(-2)).toEqual(['batchStarted', 'runFailed']);
  });

  test('of the loss are noticed, with step and batch', async () => {
    const { run } = fakeRun({ data }, { epochs: 3 }, { nanAt: 5 });
    expect(await refused(run.finished)).toMatchObject([
      { code: 'RUN802', message: 'the loss became NaN at step 5, batch 2 of epoch 2' },
    ]);
  });

  test('of the loss are let pass where that was asked for', async () => {
    const { run, events } = fakeRun({ data }, { epochs: 3, nanGuard: false }, { nanAt: 5 });
    await run.finished;
    expect(events.filter((event) => event.type === 'batchFinished' && Number.isNaN(event.loss))).toHaveLength(
      1,
    );
  });

  test('of data without rows say so', async () => {
    const none = arrays({ x: float }, { x: [] }).batch(4);
    expect(await refused(fakeRun({ data: none }).run.finished)).toMatchObject([{ code: 'DAT709' }]);
    const few = arrays({ x: float }, { x: [1, 2] }).batch(4, { dropRemainder: true });
    expect(await refused(fakeRun({ data: few }).run.finished)).toMatchObject([{ code: 'DAT709' }]);
  });
});

describe('subscribers', () => {
  test('that throw, directly or in a pipe, are warned of and change nothing', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const { run, events } = fakeRun({ data });
    const fail = (): never => {
      throw new Error('broken');
    };
    run.events$.subscribe(fail);
    run.events$.pipe(filter(() => true)).subscribe({ next: fail, complete: fail });
    run.events$.pipe(map(fail)).subscribe();
    expect(await run.finished).toMatchObject({ outcome: 'finished' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(events.length).toBeGreaterThan(5);
    // Not every one of them is shown.
    expect(warn).toHaveBeenCalledTimes(10);
    expect(String(warn.mock.lastCall?.[0])).toContain('further ones are not shown');
    warn.mockRestore();
  });

  test('that come and go by the thousand leave nothing behind', async () => {
    const { run } = fakeRun({ data });
    for (let i = 0; i < 10_000; i++) run.events$.subscribe().unsubscribe();
    const late = fakeRun({ data });
    const subscription = late.run.events$.subscribe();
    await late.run.finished;
    expect(subscription.closed).toBe(true);
    await run.finished;
  });
});

describe('a failure that nobody hears of', () => {
  /** The rejections that Node would report while `body` runs and a little after. */
  async function unhandled(body: () => Promise<unknown>): Promise<unknown[]> {
    const reported: unknown[] = [];
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => reported.push(reason));
    try {
      await body();
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of others) process.on('unhandledRejection', listener);
    }
    return reported;
  }
  const ended = (ms = 30): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  test('is left to Node to report', async () => {
    const reported = await unhandled(async () => {
      fakeRun({ data }, {}, { failAt: 1, watched: false });
      await ended();
    });
    expect(reported).toMatchObject([{ diagnostics: [{ code: 'RUN806' }] }]);
  });

  test('is not, once a subscriber was told', async () => {
    const reported = await unhandled(async () => {
      fakeRun({ data }, {}, { failAt: 1 });
      await ended();
    });
    expect(reported).toEqual([]);
  });

  test('is, when the subscriber has left before', async () => {
    const reported = await unhandled(async () => {
      fakeRun({ data }, {}, { failAt: 1, watched: false }).run.events$.subscribe().unsubscribe();
      await ended();
    });
    expect(reported).toMatchObject([{ diagnostics: [{ code: 'RUN806' }] }]);
  });
});
