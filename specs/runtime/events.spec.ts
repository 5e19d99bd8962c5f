/** Whatever happens in a run, its events come in the order of the grammar, and exactly one terminal event ends them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float } from '../../dsl/column.ts';
import type { Dataset } from '../../dsl/dataset.ts';
import { arrays, from } from '../../dsl/dataset.ts';
import type { RunEvent } from '../../runtime/events/event.ts';
import { isTerminal } from '../../runtime/events/event.ts';
import type { Command, Hook } from '../../runtime/index.ts';
import {
  atEnd,
  DiagnosticError,
  defineHook,
  evaluateNow,
  report,
  restore,
  setLearningRate,
  snapshot,
  stop,
} from '../../runtime/index.ts';
import { runs } from '../support/effort.ts';
import { fakeRun } from '../support/fake-run.ts';
import { illegal } from '../support/illegal.ts';
import { tally } from '../support/tally.ts';

const count = tally('events', {
  runs: 2000,
  runFinished: 1000,
  runCancelled: 150,
  runFailed: 300,
  stopped: 30,
});

type Mishap =
  | { readonly kind: 'none' }
  | { readonly kind: 'cancel' | 'stop' | 'hookThrows' | 'subscriberThrows' | 'leave'; readonly at: number }
  | { readonly kind: 'engineThrows' | 'nan'; readonly at: number }
  | { readonly kind: 'sourceThrows'; readonly at: number }
  | { readonly kind: 'abortLater'; readonly after: number };

const place = fc.integer({ min: 0, max: 25 });
const mishap: fc.Arbitrary<Mishap> = fc.oneof(
  fc.constant<Mishap>({ kind: 'none' }),
  fc.record({
    kind: fc.constantFrom(
      'cancel' as const,
      'stop' as const,
      'hookThrows' as const,
      'subscriberThrows' as const,
      'leave' as const,
    ),
    at: place,
  }),
  fc.record({
    kind: fc.constantFrom('engineThrows' as const, 'nan' as const),
    at: fc.integer({ min: 1, max: 12 }),
  }),
  fc.record({ kind: fc.constant('sourceThrows' as const), at: place }),
  fc.record({ kind: fc.constant('abortLater' as const), after: fc.integer({ min: 0, max: 6 }) }),
);

const scenario = fc.record({
  rows: fc.integer({ min: 0, max: 40 }),
  size: fc.integer({ min: 1, max: 16 }),
  source: fc.constantFrom('arrays' as const, 'iterable' as const, 'async' as const),
  validation: fc.boolean(),
  epochs: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
  steps: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
  mishap,
  asks: fc.dictionary(
    place.map(String),
    fc.constantFrom('evaluate', 'snapshot', 'restore', 'atEnd', 'rate', 'report'),
    { maxKeys: 4 },
  ),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer S> ? S : never;

function dataset({ rows, source, mishap }: Scenario): Dataset<{ x: typeof float }> {
  const values = Float32Array.from({ length: rows }, (_, i) => i);
  if (source === 'arrays' && mishap.kind !== 'sourceThrows') return arrays({ x: float }, { x: values });
  const fail = (row: number): void => {
    if (mishap.kind === 'sourceThrows' && row === mishap.at) throw new Error('the source is gone');
  };
  if (source === 'async') {
    return from({ x: float }, async function* () {
      for (const x of values) {
        fail(x);
        if (x % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
        yield { x };
      }
    });
  }
  return from({ x: float }, function* () {
    for (const x of values) {
      fail(x);
      yield { x };
    }
  });
}

const askFor: Readonly<Record<string, readonly Command[]>> = {
  evaluate: [evaluateNow()],
  snapshot: [snapshot('a')],
  restore: [snapshot('a'), restore('a')],
  atEnd: [snapshot('b'), atEnd(restore('b'))],
  rate: [setLearningRate(0.25)],
  report: [report({ type: 'driftDetected', detector: 'adwin', monitor: 'loss', verdict: 'drift', value: 1 })],
};

/** A hook that asks and misbehaves at given events; its state is the number of events heard. */
function meddler({ mishap, asks, validation }: Scenario): Hook<number> {
  return defineHook({
    name: 'meddler',
    initialState: 0,
    on(heard) {
      if (mishap.kind === 'hookThrows' && heard === mishap.at) throw new Error('the hook is broken');
      const ask = asks[String(heard)];
      const commands = ask === undefined || (ask === 'evaluate' && !validation) ? [] : [...askFor[ask]!];
      if (mishap.kind === 'stop' && heard === mishap.at) commands.push(stop('enough'));
      return { state: heard + 1, commands };
    },
  });
}

test('events follow the grammar under cancels, errors and throwing listeners', async () => {
  const warn = process.emitWarning;
  process.emitWarning = () => {};
  await fc
    .assert(
      fc.asyncProperty(scenario, async (given) => {
        const { epochs, steps, size, mishap } = given;
        fc.pre(epochs !== undefined || steps !== undefined);
        const data = dataset(given).batch(size);
        const controller = new AbortController();
        const { run, events } = fakeRun(
          { data, ...(given.validation && { validation: data }) },
          {
            hooks: [meddler(given)],
            signal: controller.signal,
            ...(epochs !== undefined && { epochs }),
            ...(steps !== undefined && { steps }),
          },
          mishap.kind === 'engineThrows'
            ? { failAt: mishap.at }
            : mishap.kind === 'nan'
              ? { nanAt: mishap.at }
              : {},
        );
        let seen = 0;
        const second = run.events$.subscribe(() => {
          const here = 'at' in mishap && seen++ === mishap.at;
          if (here && mishap.kind === 'cancel') run.cancel('asked');
          if (here && mishap.kind === 'leave') second.unsubscribe();
          if (here && mishap.kind === 'subscriberThrows') throw new Error('the subscriber is broken');
        });
        if (mishap.kind === 'abortLater') {
          let turns = mishap.after;
          const turn = (): void => void (turns-- > 0 ? setImmediate(turn) : controller.abort());
          turn();
        }
        const settled = await run.finished.then(
          (result) => ({ result }),
          (error: unknown) => ({ error }),
        );
        expect(illegal(events)).toBeUndefined();
        expect(events.filter(isTerminal)).toHaveLength(1);
        expect(JSON.parse(JSON.stringify(events))).toHaveLength(events.length);
        const last = events.at(-1)!;
        if (last.type === 'runFailed') {
          expect('error' in settled && settled.error).toBeInstanceOf(DiagnosticError);
        } else {
          expect('result' in settled && settled.result.outcome).toBe(
            last.type === 'runFinished' ? 'finished' : 'cancelled',
          );
        }
        if (mishap.kind === 'none' && given.rows > 0) expect(last.type).toBe('runFinished');
        if (mishap.kind === 'none' && given.rows > 0) {
          const whole = (epochs ?? Number.POSITIVE_INFINITY) * Math.ceil(given.rows / size);
          expect(last.step).toBe(Math.min(whole, steps ?? Number.POSITIVE_INFINITY));
        }
        // A late subscriber still learns the end.
        const late: RunEvent[] = [];
        run.events$.subscribe((event) => late.push(event));
        expect(late).toEqual([last]);
        count('runs');
        count(last.type);
        if (last.type === 'runFinished' && last.reason === 'enough') count('stopped');
      }),
      { numRuns: runs(2000) },
    )
    .finally(() => {
      process.emitWarning = warn;
    });
});

test('who watches does not change what is learnt', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, fc.integer({ min: 0, max: 1000 }), async (given, seed) => {
      fc.pre(given.rows > 0);
      const data = dataset({ ...given, mishap: { kind: 'none' } })
        .shuffle()
        .batch(given.size);
      const trained = async (watched: boolean): Promise<number> => {
        const { run, engine } = fakeRun({ data }, { epochs: 2, seed }, { watched });
        if (watched) for (let i = 0; i < 3; i++) run.events$.subscribe();
        await run.finished;
        return engine.weight;
      };
      expect(await trained(true)).toBe(await trained(false));
    }),
    { numRuns: runs(200) },
  );
});
