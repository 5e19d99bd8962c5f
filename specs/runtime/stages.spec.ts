/** What the laws of stages do not say: times, bounds on what is read ahead, what is rejected and refused. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { float, int, tensor, vector } from '../../dsl/column.ts';
import type { Dataset } from '../../dsl/dataset.ts';
import { from, rows } from '../../dsl/dataset.ts';
import { interleave, zip } from '../../dsl/several-datasets.ts';
import { first, iterate, toArray } from '../../runtime/index.ts';
import { drain, openSource } from '../support/drain.ts';
import { refused } from '../support/refused.ts';

const schema = { n: int };
const upTo = (size: number): { n: number }[] => Array.from({ length: size }, (_, n) => ({ n }));

/** Rows at given times, in milliseconds. */
const timed = (...times: readonly number[]): Dataset<typeof schema> =>
  from(schema, async function* () {
    for (const [n, time] of times.entries()) {
      await new Promise((resolve) => setTimeout(resolve, time - (times[n - 1] ?? 0)));
      yield { n };
    }
  });

describe('by the clock', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
  afterEach(() => void vi.useRealTimers());

  /** When each row is given, where the clock goes on a millisecond at a time. */
  async function givenAt(data: Dataset<typeof schema>): Promise<(readonly [n: number, at: number])[]> {
    const begin = Date.now();
    const given: [number, number][] = [];
    let done = false;
    const reading = (async () => {
      for await (const { n } of iterate(data)) given.push([n, Date.now() - begin]);
      done = true;
    })();
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(1);
    }
    await reading;
    return given;
  }

  test('debounce gives the last row of a flurry, when it is over', async () => {
    const given = await givenAt(timed(10, 12, 14, 60, 61, 200).debounce(20));
    expect(given.map(([n]) => n)).toEqual([2, 4, 5]);
    for (const [place, least] of [34, 81, 200].entries())
      expect(given[place]?.[1]).toBeGreaterThanOrEqual(least);
  });

  test('rateLimit never gives more than it allows in any stretch, from epoch to epoch', async () => {
    const given = await givenAt(
      from(schema, () => upTo(9))
        .rateLimit({ rows: 3, per: 40 })
        .repeat(2),
    );
    expect(given).toHaveLength(18);
    const times = given.map(([, at]) => at);
    for (let place = 3; place < times.length; place++)
      expect((times[place] ?? 0) - (times[place - 3] ?? 0)).toBeGreaterThanOrEqual(40);
    expect(times[2]).toBeLessThan(10);
  });

  test('dedupe forgets after so many milliseconds', async () => {
    const given = await givenAt(timed(0, 10, 60, 65).dedupe({ by: () => 'same', within: { ms: 40 } }));
    expect(given.map(([n]) => n)).toEqual([0, 2]);
  });
});

test('a row that debounce holds waits on when the source fails: a run that goes on finds it in the state', async () => {
  const failing = from(schema, async function* () {
    yield* upTo(2);
    throw new Error('gone');
  });
  const seen: number[] = [];
  const reading = (async () => {
    for await (const { n } of iterate(failing.debounce(10_000))) seen.push(n);
  })();
  expect(await refused(reading)).toMatchObject([{ code: 'DAT713' }]);
  expect(seen).toEqual([]);
});

test('prefetch reads as far ahead as it is told, and no further', async () => {
  let asked = 0;
  const source = from(schema, async function* () {
    for (;;) yield { n: asked++ };
  });
  let seen = 0;
  for await (const { n } of iterate(source.prefetch(5))) {
    expect(n).toBe(seen++);
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(asked - seen).toBe(5);
    if (seen === 10) break;
  }
});

test('a row that comes after the time of its batch is in the state that is kept', async () => {
  const slow = from(schema, async function* () {
    yield { n: 0 };
    await new Promise((resolve) => setTimeout(resolve, 20));
    yield { n: 1 };
  });
  const batches = slow.batch(10, { within: 5 });
  const source = await openSource(batches);
  expect(await source.next({ n: new Int32Array(10) })).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 60));
  const kept: unknown = structuredClone(source.state());
  source.close();
  expect((await drain(batches, { from: kept })).columns.n).toEqual([1]);
});

test('map keeps as many calls under way as it is told, in order or as they are done', async () => {
  for (const ordered of [true, false]) {
    let [underWay, most] = [0, 0];
    const slow = from(schema, () => upTo(30)).map(
      schema,
      async ({ n }) => {
        most = Math.max(most, ++underWay);
        for (let turns = 0; turns < (n * 7) % 5; turns++)
          await new Promise((resolve) => setImmediate(resolve));
        underWay--;
        return { n };
      },
      { concurrency: 4, ordered },
    );
    const given = (await toArray(slow)).map(({ n }) => n);
    expect(most).toBe(4);
    if (ordered) expect(given).toEqual(upTo(30).map(({ n }) => n));
    else expect(given.toSorted((a, b) => a - b)).toEqual(upTo(30).map(({ n }) => n));
  }
});

test('rows that are left out are counted, each with its reason', async () => {
  const rejected = new Map<string, number>();
  const live = from(schema, () => upTo(100));
  const data = live
    .dedupe({ by: ({ n }) => n % 50, within: { rows: 99 } })
    .join(
      rows(
        { n: int, y: float },
        upTo(40).map(({ n }) => ({ n, y: n / 2 })),
      ),
      { on: 'n' },
    )
    .sample(0.5);
  const { columns } = await drain(data.batch(8), {
    onRejected: ({ reason, rows }) => rejected.set(reason, (rejected.get(reason) ?? 0) + rows),
  });
  expect(rejected.get('duplicate')).toBe(50);
  expect(rejected.get('unmatched')).toBe(10);
  expect((rejected.get('sampled') ?? 0) + (columns.n?.length ?? 0)).toBe(40);
  expect(columns.y).toEqual(columns.n?.map((n) => n / 2));
});

test('weights are kept to, and a seed of its own decides alone', async () => {
  const of = (x: number) => from({ x: int }, () => Array.from({ length: 4000 }, () => ({ x })));
  const mixed = interleave([of(0), of(1), of(2)], { weights: [1, 2, 5], seed: 9 });
  const { columns } = await drain(mixed.take(4000).batch(100), { seed: 1 });
  const shares = [0, 1, 2].map((x) => (columns.x?.filter((y) => x === y).length ?? 0) / 4000);
  // Six standard deviations of a binomial draw.
  for (const [x, share] of [1 / 8, 2 / 8, 5 / 8].entries())
    expect(Math.abs((shares[x] ?? 0) - share)).toBeLessThan(6 * Math.sqrt((share * (1 - share)) / 4000));
  expect((await drain(mixed.take(4000).batch(100), { seed: 2 })).columns).toEqual(columns);
});

test('lists are taken apart, whatever holds them', async () => {
  const lists = rows({ v: vector(2), m: tensor([2, 3]), k: int }, [
    {
      v: [1, 2],
      m: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      k: 7,
    },
    { v: Float32Array.of(3, 4), m: Float32Array.of(1, 2, 3, 4, 5, 6), k: 8 },
  ]);
  expect((await drain(lists.unbatch().batch(4))).columns).toEqual({
    v: [1, 2, 3, 4],
    m: [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6],
    k: [7, 7, 8, 8],
  });
  expect(await first(rows(schema, upTo(3)).batch(2).unbatch())).toEqual({ n: 0 });
});

const live = from(schema, () => upTo(5));
const table = rows(schema, upTo(5));
test.each<readonly [string, (data: Dataset<typeof schema>) => Dataset]>([
  ['window 0', (data) => data.window(schema, 0, () => ({ n: 0 }))],
  ['shift 0', (data) => data.window(schema, 2, () => ({ n: 0 }), { shift: 0 })],
  ['sample 2', (data) => data.sample(2)],
  ['prefetch 0', (data) => data.prefetch(0)],
  ['rateLimit', (data) => data.rateLimit({ rows: 0, per: 5 })],
  ['debounce', (data) => data.debounce(-1)],
  ['dedupe within', (data) => data.dedupe({ by: ({ n }) => n, within: {} as never })],
  ['mapBatches 1.5', (data) => data.mapBatches(schema, 1.5, (all) => all)],
  ['enumerate', (data) => data.enumerate('n' as never)],
  ['zip', (data) => zip(data as never, data as never)],
  ['concat', (data) => data.concat(rows({ n: float }, []) as never)],
  ['interleave', (data) => interleave([data, data], { weights: [1] })],
  [
    'join without an end',
    (data) =>
      data.join(
        from({ n: int, y: int }, () => []),
        { on: 'n' },
      ),
  ],
  [
    'join with a clash',
    (data) => data.enumerate('y').join(rows({ n: int, y: int }, []) as never, { on: 'n' as never }),
  ],
  ['left join', (data) => data.join(rows({ n: int, y: int }, []), { on: 'n', kind: 'left' } as never)],
  ['unbatch', (data) => data.unbatch()],
  [
    'lateness',
    (data) =>
      data.watermark({ time: ({ n }) => n, lateness: -1 }).session(schema, { gap: 1 }, () => ({ n: 0 })),
  ],
])('%s is refused before anything is read', async (_, use) => {
  for (const data of [live, table])
    expect(await refused(toArray(use(data)))).toMatchObject([{ code: 'DAT715' }]);
});

test.each<readonly [string, Dataset]>([
  ['flatMap', live.flatMap(schema, () => 5 as never)],
  ['flatMap of a promise', live.flatMap(schema, (async () => []) as never)],
  ['window of a promise', live.window(schema, 2, (async () => ({ n: 1 })) as never)],
  ['mapBatches', live.mapBatches(schema, 2, () => undefined as never)],
  ['scan', live.scan(schema, 0, () => 5 as never)],
  ['scan of a function', live.scan(schema, (() => 5) as unknown, (kept, row) => [kept, row])],
  ['a throw', live.mapBatches(schema, 2, () => Promise.reject(new Error('no')))],
  ['a time', live.watermark({ time: () => Number.NaN, lateness: 0 }).tumbling(schema, 5, () => ({ n: 1 }))],
])('%s that gives something else is refused', async (_, data) => {
  expect(await refused(toArray(data))).toMatchObject([{ code: 'DAT714' }]);
});
