/** Reading a dataset by hand: what training would see, checked as it would be, and nothing more than is asked for. */
import fc from 'fast-check';
import { expect, describe as group, test } from 'vitest';
import { allowNotFinite, bool, category, float, int, vector } from '../../dsl/column.ts';
import { from, rows } from '../../dsl/dataset.ts';
import { count, describe, first, iterate, iterateBatches, toArray } from '../../runtime/index.ts';
import { drain } from '../support/drain.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const tried = tally('reading datasets', { datasets: 100, descriptions: 100 });

const schema = { x: float, id: int };
const list = Array.from({ length: 20 }, (_, id) => ({ x: id / 4, id }));
const table = rows(schema, list);
const live = from(schema, async function* () {
  yield* list;
});

group('rows', () => {
  test('are those of an epoch, wherever they come from', async () => {
    for (const data of [table, live]) {
      expect(await toArray(data)).toEqual(list);
      expect(await toArray(data.filter(({ id }) => id % 2 === 0).take(2))).toEqual([list[0], list[2]]);
      expect(await count(data)).toBe(20);
      expect(await count(data.skip(5).repeat(2))).toBe(30);
      expect(await first(data.skip(3))).toEqual(list[3]);
      expect(await first(data.take(0))).toBeUndefined();
    }
    expect(await count(table.repeat())).toBe(Number.POSITIVE_INFINITY);
  });

  test('follow the seed and the epoch as training does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(3), fc.boolean(), async (seed, epoch, isLive) => {
        const data = (isLive ? live : table).shuffle({ buffer: 5 }).sample(0.7);
        const read = (await toArray(data, { seed, epoch })).map(({ id }) => id);
        expect(read).toEqual((await drain(data.batch(7), { seed, epoch })).columns.id);
        const numbers: number[] = [];
        for await (const batch of iterateBatches(data.batch(3), { seed, epoch })) {
          expect(batch.columns.x).toHaveLength(batch.rows);
          numbers.push(...batch.columns.id);
        }
        expect(numbers).toEqual(read);
        tried('datasets');
      }),
      { numRuns: runs(100) },
    );
  });

  test('are checked against the schema', async () => {
    const wrong = from({ x: float }, () => [{ x: 1 }, { x: 'two' as never }]);
    expect(await refused(toArray(wrong))).toMatchObject([{ code: 'DAT705' }]);
    expect(await refused(count(wrong))).toMatchObject([{ code: 'DAT705' }]);
  });

  test('are read no further than the loop goes, and the source is closed', async () => {
    let [asked, closed] = [0, false];
    const endless = from({ x: float }, function* () {
      try {
        for (;;) yield { x: asked++ };
      } finally {
        closed = true;
      }
    });
    for await (const { x } of iterate(endless)) if (x === 4) break;
    expect([asked, closed]).toEqual([5, true]);
  });

  test('a signal ends the reading with its reason', async () => {
    const silent = from(schema, async function* () {
      yield { x: 1, id: 1 };
      await new Promise(() => {});
    });
    const abort = new AbortController();
    const reading = toArray(silent, { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('enough')), 5);
    await expect(reading).rejects.toThrow('enough');
    await expect(toArray(table, { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
    const batches = iterateBatches(silent.batch(2), { signal: AbortSignal.timeout(5) });
    await expect(batches.next()).rejects.toThrow('timeout');
  });
});

test('a description says what pandas says', async () => {
  const columns = {
    x: allowNotFinite(float),
    n: int,
    kind: category('a', 'b', 'c'),
    good: bool,
    v: vector(2),
  };
  const data = rows(
    columns,
    [1, 2, 4, 8, Number.NaN].map((x, n) => ({
      x,
      n,
      kind: n % 2 === 0 ? ('a' as const) : ('c' as const),
      good: n > 0,
      v: [n, -n],
    })),
  );
  const described = await describe(data);
  expect(described.rows).toBe(5);
  // pandas.Series([1, 2, 4, 8, nan]).describe()
  expect(described.columns.x).toMatchObject({
    kind: 'numbers',
    count: 4,
    missing: 1,
    mean: 3.75,
    std: expect.closeTo(3.095695936834452, 12),
    min: 1,
    quartiles: [1.75, 3, 5],
    max: 8,
  });
  expect(described.columns.kind).toEqual({ kind: 'labels', count: 5, labels: { a: 3, b: 0, c: 2 } });
  expect(described.columns.good).toEqual({ kind: 'labels', count: 5, labels: { false: 1, true: 4 } });
  expect(described.columns.v).toMatchObject({ count: 10, mean: 0, min: -4, max: 4 });
  expect((await describe(data.take(0))).columns.n).toMatchObject({
    count: 0,
    mean: Number.NaN,
    min: Number.NaN,
  });
});

test('a description agrees with sums over the rows, and with its own order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 3000 }),
      async (values) => {
        const data = from({ n: int }, () => values.map((n) => ({ n })));
        const { n } = (await describe(data)).columns;
        if (n.kind !== 'numbers') throw new Error('a column of numbers');
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
        expect(n.mean).toBeCloseTo(mean, 9);
        expect(n.std).toBeCloseTo(Math.sqrt(variance), 9);
        for (const [i, quartile] of n.quartiles.entries()) {
          const share = (i + 1) / 4;
          const below = values.filter((value) => value < quartile).length;
          const atMost = values.filter((value) => value <= quartile).length;
          expect(below).toBeLessThanOrEqual(share * (values.length - 1) + 1);
          expect(atMost).toBeGreaterThanOrEqual(share * (values.length - 1));
        }
        tried('descriptions');
      },
    ),
    { numRuns: runs(100) },
  );
});
