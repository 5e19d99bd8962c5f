/** Windows of event time, whatever the order in which rows come, against all rows at once; late rows and idle sources. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float, int } from '../../dsl/column.ts';
import { from } from '../../dsl/dataset.ts';
import type { StageExample } from '../../dsl/stage.ts';
import { endOfRows } from '../../dsl/stage.ts';
import type { Manner } from '../../laws/stage-harness.ts';
import { manners, open, pull, turn } from '../../laws/stage-harness.ts';
import { builtIns } from '../../runtime/data/registry.ts';
import type { Rejection } from '../../runtime/data/rows.ts';
import type { BuiltInStage } from '../../runtime/data/stage.ts';
import { drain } from '../support/drain.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const count = tally('event time', { permutations: 1000, windows: 4000, resumed: 300, late: 500 });

const eventWindows = stageCalled('eventWindows');
function stageCalled(name: string): BuiltInStage {
  const card = builtIns.get(name);
  if (card?.family !== 'stage') throw new Error(`there is no stage ${name}`);
  return card;
}

interface Event {
  readonly at: number;
  readonly id: number;
  readonly user: string | number;
}
interface Given {
  readonly start: number;
  readonly end: number;
  readonly key: string | number | undefined;
  readonly ids: readonly number[];
}
type Windowing = { readonly size: number; readonly every: number } | { readonly gap: number };

const fixed = fc
  .record({ size: fc.integer({ min: 1, max: 30 }), every: fc.integer({ min: 1, max: 30 }) })
  .map((windowing): Windowing => windowing);
const windowings: fc.Arbitrary<Windowing> = fc.oneof(
  fc.integer({ min: 1, max: 30 }).map((size) => ({ size, every: size })),
  fixed,
  fc.record({ gap: fc.integer({ min: 1, max: 30 }) }),
);

const events = fc.array(
  fc.record({
    at: fc.integer({ min: -50, max: 150 }),
    delay: fc.integer({ min: 0, max: 100 }),
    user: fc.constantFrom<string | number>('a', 'b', 1, 2),
  }),
  { maxLength: 40, size: 'max' },
);

/** The order in which events come that are each late by so much at most. */
function arriving(
  list: readonly { at: number; delay: number; user: string | number }[],
  lateness: number,
): Event[] {
  return list
    .map(({ at, delay, user }, id) => ({ at, user, id, arrival: at + (delay / 100) * lateness }))
    .sort((a, b) => a.arrival - b.arrival)
    .map(({ at, user, id }) => ({ at, user, id }));
}

const rank = (key: Given['key']): string =>
  typeof key === 'number' ? `0${String(key).padStart(9, '0')}` : `1${key}`;

/** All windows of all events, from all of them at once. */
function oracle(list: readonly Event[], windowing: Windowing, isKeyed: boolean): Given[] {
  const all: Given[] = [];
  const keys = isKeyed ? [...new Set(list.map(({ user }) => user))] : [undefined];
  for (const key of keys) {
    const mine = list.filter(({ user }) => !isKeyed || user === key).sort((a, b) => a.at - b.at);
    if ('gap' in windowing) {
      let session: Event[] = [];
      for (const [place, event] of mine.entries()) {
        session.push(event);
        const next = mine[place + 1];
        if (next && next.at - event.at < windowing.gap) continue;
        all.push({
          start: session[0]!.at,
          end: event.at + windowing.gap,
          key,
          ids: session.map(({ id }) => id),
        });
        session = [];
      }
    } else {
      const { size, every } = windowing;
      for (let k = -200; k <= 200; k++) {
        const [start, end] = [k * every, k * every + size];
        const inside = mine.filter(({ at }) => at >= start && at < end);
        if (inside.length > 0) all.push({ start, end, key, ids: inside.map(({ id }) => id) });
      }
    }
  }
  return all.sort((a, b) => a.end - b.end || a.start - b.start || (rank(a.key) < rank(b.key) ? -1 : 1));
}

function exampleOf(
  list: readonly Event[],
  windowing: Windowing,
  lateness: number,
  isKeyed: boolean,
): StageExample {
  return {
    args: {
      time: ({ at }: Event) => at,
      lateness,
      ...windowing,
      key: isKeyed ? ({ user }: Event) => user : undefined,
      window: (rows: readonly Event[], window: object) => ({ ...window, ids: rows.map(({ id }) => id) }),
    },
    rows: [list],
  };
}

const cases = {
  windowing: windowings,
  list: events,
  lateness: fc.integer({ min: 0, max: 60 }),
  isKeyed: fc.boolean(),
  manner: fc.constantFrom<Manner>(...manners),
};

test('in whatever order rows come, within the lateness, windows are those of all rows at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.record(cases), async ({ windowing, list, lateness, isKeyed, manner }) => {
      const coming = arriving(list, lateness);
      const example = exampleOf(coming, windowing, lateness, isKeyed);
      const given = await pull(open(eventWindows, example, { upstream: { manner } }));
      const want = oracle(coming, windowing, isKeyed).map((window) => ({ ...window }));
      expect(given).toEqual(want);
      count('permutations');
      count('windows', want.length);
    }),
    { numRuns: runs(1000) },
  );
});

test('a state taken at any time makes the same windows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record(cases),
      fc.nat(20),
      async ({ windowing, list, lateness, isKeyed, manner }, stop) => {
        const example = exampleOf(arriving(list, lateness), windowing, lateness, isKeyed);
        const upstream = { manner };
        const whole = await pull(open(eventWindows, example, { upstream }));
        const cursor = open(eventWindows, example, { upstream });
        const first = await pull(cursor, Math.min(stop, whole.length));
        await turn();
        const state: unknown = structuredClone(cursor.state());
        cursor.close();
        const rest = await pull(open(eventWindows, example, { upstream, from: state }));
        expect([...first, ...rest]).toEqual(whole);
        count('resumed');
      },
    ),
    { numRuns: runs(300) },
  );
});

test('rows that are too late are counted and handed over, and each row is in a window or late', async () => {
  await fc.assert(
    fc.asyncProperty(events, fc.integer({ min: 1, max: 30 }), fc.nat(20), async (list, size, lateness) => {
      const late: number[] = [];
      let rejected = 0;
      const onRejected = ({ reason, rows }: Rejection): void => {
        if (reason === 'late') rejected += rows;
      };
      // They come up to sixty milliseconds too late.
      const coming = arriving(list, lateness + 60).map(({ at, id }) => ({ at, id }));
      const data = from({ at: int, id: int }, () => coming)
        .watermark({ time: ({ at }) => at, lateness, onLate: ({ id }) => late.push(id) })
        .tumbling({ start: float, rows: float }, size, (rows, { start }) => ({ start, rows: rows.length }));
      const { columns } = await drain(data.batch(7), { onRejected });
      // A plain account of what is late: the window of its time has ended for all that came before it.
      const [want, counts] = [[] as number[], new Map<number, number>()];
      let watermark = Number.NEGATIVE_INFINITY;
      for (const { at, id } of coming) {
        const start = Math.floor(at / size) * size;
        if (start + size <= watermark) want.push(id);
        else counts.set(start, (counts.get(start) ?? 0) + 1);
        watermark = Math.max(watermark, at - lateness);
      }
      const inOrder = [...counts].sort(([a], [b]) => a - b);
      expect(late).toEqual(want);
      expect(rejected).toBe(want.length);
      expect(columns.start).toEqual(inOrder.map(([start]) => start));
      expect(columns.rows).toEqual(inOrder.map(([, rows]) => rows));
      count('late', want.length);
    }),
    { numRuns: runs(200) },
  );
});

test('a window is given as soon as the watermark is at its end', async () => {
  const list = [3, 20].map((at, id) => ({ at, id, user: 'a' }));
  const example = exampleOf(list, { size: 10, every: 10 }, 10, false);
  const cursor = open(eventWindows, example, { upstream: { manner: 'inTurns', finish: 'silence' } });
  expect(await cursor.next()).toEqual({ start: 0, end: 10, ids: [0] });
  cursor.close();
});

test('time goes on by the clock while nothing comes, where it is asked to', async () => {
  const list = [0, 4, 9].map((at, id) => ({ at, id, user: 'a' }));
  const upstream = { manner: 'inTurns', finish: 'silence' } as const;
  const { args, rows } = exampleOf(list, { size: 10, every: 10 }, 5, false);
  const waits = open(eventWindows, { args, rows }, { upstream });
  const waiting = Promise.resolve(waits.next());
  const goesOn = open(eventWindows, { args: Object.assign({}, args, { idle: 2 }), rows }, { upstream });
  expect(await goesOn.next()).toEqual({ start: 0, end: 10, ids: [0, 1, 2] });
  expect(await Promise.race([waiting, turn()])).toBeUndefined();
  waits.close();
  expect(await waiting).toBe(endOfRows);
  goesOn.close();
});

test.each([
  [{ lateness: -1 }, 'lateness'],
  [{ idle: 0 }, 'idle'],
  [{ onLate: 'keep' }, 'onLate'],
  [{ size: 0, every: 1 }, 'windows'],
  [{ time: 5 }, 'time'],
])('%o is refused', (wrong, word) => {
  const args = { time: () => 0, lateness: 0, size: 1, every: 1, window: () => ({}) };
  expect(eventWindows.check?.(Object.assign(args, wrong) as never)).toContain(word);
});
