/** What may happen to a run, drawn at random: what users ask, what hooks ask, and what breaks. */
import fc from 'fast-check';
import { float } from '../../dsl/column.ts';
import type { Dataset } from '../../dsl/dataset.ts';
import { arrays, from } from '../../dsl/dataset.ts';
import type { Command, Hook } from '../../runtime/index.ts';
import {
  atEnd,
  checkpoint,
  defineHook,
  evaluateNow,
  publishNow,
  report,
  reset,
  restore,
  setLearningRate,
  snapshot,
  stop,
} from '../../runtime/index.ts';

const place = fc.integer({ min: 0, max: 30 });

/** Most runs are to come far. */
function rarely<T>(what: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: what });
}

/** What a hook may ask for, each in a list of its own. */
const asked: Readonly<Record<string, readonly Command[]>> = {
  evaluate: [evaluateNow()],
  snapshot: [snapshot('a')],
  restore: [snapshot('a'), restore('a')],
  atEnd: [snapshot('b'), atEnd(restore('b'))],
  rate: [setLearningRate(0.25)],
  report: [report({ type: 'driftDetected', detector: 'adwin', monitor: 'loss', verdict: 'drift', value: 1 })],
  reset: [reset()],
  publish: [publishNow()],
  checkpoint: [{ command: 'checkpoint', directory: '/data/a' }, evaluateNow()],
  elsewhere: [{ command: 'checkpoint', directory: '/data/elsewhere' }],
  stop: [stop('enough')],
};
/** As programs without types may, or with mistakes. */
const wrong: Readonly<Record<string, readonly Command[]>> = {
  restoreMissing: [restore('nothing')],
  nonsense: [{ command: 'sing' } as never],
  many: Array.from({ length: 300 }, () => snapshot('c')),
};

const action = fc.record({
  what: fc.constantFrom(
    ...([
      'cancel',
      'pause',
      'resume',
      'stop',
      'reset',
      'predict',
      'save',
      'throw',
      'dawdle',
      'leave',
    ] as const),
  ),
  /** At an event, or after so many turns of the event loop. */
  when: fc.constantFrom('event' as const, 'turn' as const),
  at: place,
});

export const schedule = fc.record({
  rows: fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 1, max: 60 }) },
    { weight: 1, arbitrary: fc.constant(0) },
  ),
  size: fc.integer({ min: 1, max: 12 }),
  source: fc.constantFrom('arrays' as const, 'iterable' as const, 'async' as const, 'waits' as const),
  validation: fc.boolean(),
  bound: fc.oneof(
    fc.record({ epochs: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ steps: fc.integer({ min: 0, max: 12 }) }),
  ),
  actions: fc.array(action, { maxLength: 5 }),
  asks: fc.dictionary(
    place.map(String),
    fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...Object.keys(asked)) },
      { weight: 1, arbitrary: fc.constantFrom(...Object.keys(wrong)) },
    ),
    { maxKeys: 6 },
  ),
  checkpoints: fc.record({
    folders: fc.constantFrom<readonly string[]>([], ['/data/a'], ['/data/a', '/data/b']),
    every: fc.oneof(
      fc.constant('epoch' as const),
      fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constant('steps' as const)),
    ),
  }),
  /** Of each at most one: the number of the call, row, step or event at which it breaks. */
  breaks: fc.record({
    hook: rarely(place),
    promise: rarely(place),
    source: rarely(place),
    clock: rarely(place),
    engine: rarely(fc.integer({ min: 1, max: 20 })),
    nan: rarely(fc.integer({ min: 1, max: 20 })),
    disk: rarely(fc.integer({ min: 0, max: 60 })),
  }),
  diskCode: fc.constantFrom('EIO', 'ENOSPC', 'EACCES', 'EMFILE'),
});
export type Schedule = typeof schedule extends fc.Arbitrary<infer S> ? S : never;

export function datasetOf({ rows, source, breaks }: Schedule): Dataset<{ x: typeof float }> {
  if (source === 'arrays' && breaks.source === undefined)
    return arrays({ x: float }, { x: Float32Array.from({ length: rows }, (_, i) => i / 10) });
  const row = (x: number): { x: number } => {
    if (x === breaks.source) throw new Error('the source is gone');
    return { x: x / 10 };
  };
  if (source === 'arrays' || source === 'iterable')
    return from({ x: float }, function* () {
      for (let x = 0; x < rows; x++) yield row(x);
    });
  return from({ x: float }, async function* () {
    for (let x = 0; x < rows; x++) {
      if (x % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
      yield row(x);
    }
    // For ever, as far as anyone knows.
    if (source === 'waits') await new Promise((resolve) => setTimeout(resolve, 5));
  });
}

/** Asks and misbehaves at given events; its state is how many it has heard. */
function meddler({ asks, breaks, validation }: Schedule): Hook<number> {
  return defineHook({
    name: 'meddler',
    initialState: 0,
    on(heard) {
      if (heard === breaks.hook) throw new Error('the hook is broken');
      if (heard === breaks.promise) return Promise.reject(new Error('the hook is late')) as never;
      const ask = asks[String(heard)];
      const commands = { ...asked, ...wrong }[ask ?? ''] ?? [];
      return {
        state: heard + 1,
        commands: validation ? commands : commands.filter(({ command }) => command !== 'evaluate'),
      };
    },
  });
}

export function hooksOf(given: Schedule): readonly Hook[] {
  const { folders, every } = given.checkpoints;
  return [meddler(given), ...folders.map((folder) => checkpoint(folder, { every, keep: 2, fresh: true }))];
}

/** A clock that fails once, by throwing or by giving no number. */
export function clockOf({ breaks }: Schedule): { now(): number } | undefined {
  if (breaks.clock === undefined) return undefined;
  let calls = 0;
  return {
    now() {
      if (calls++ !== breaks.clock) return calls;
      if (calls % 2 === 0) throw new Error('the clock stands still');
      return 'late' as never;
    },
  };
}
