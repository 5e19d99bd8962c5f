/** What replay and targetEncode do to a stream, held to definitions written out anew. */
import fc from 'fast-check';
import type { Dataset } from 'millrace';
import { bool, category, float, from, int, rows, text, vector } from 'millrace';
import { toArray } from 'millrace/runtime';
import { describe, expect, test } from 'vitest';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('stages of streams', { replays: 60, encodings: 60 });

const upTo = (size: number): number[] => Array.from({ length: size }, (_, i) => i);
const numbers = (size: number): Dataset<{ x: typeof int }> =>
  from({ x: int }, () => upTo(size).map((x) => ({ x })));
const values = async (data: Dataset<{ x: typeof int }>, seed = 0): Promise<number[]> =>
  (await toArray(data, { seed })).map(({ x }) => x);

describe('replay', () => {
  test('gives every row in order, and behind it only rows from before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(0, 0.25, 1, 2.5),
        fc.nat(),
        async (size, buffer, rate, seed) => {
          const given = await values(numbers(size).replay(buffer, { rate }), seed);
          let newest = -1;
          const again: number[] = [];
          for (const x of given) {
            if (x === newest + 1) newest = x;
            else again.push(newest - x);
          }
          expect(newest).toBe(size - 1);
          expect(again.every((age) => age > 0)).toBe(true);
          const most = Math.ceil(rate) * (size - 1);
          expect(again.length).toBeGreaterThanOrEqual(Math.floor(rate) * (size - 1));
          expect(again.length).toBeLessThanOrEqual(most);
          if (buffer === 1 && rate === 1) expect(again.length).toBe(size - 1);
          count('replays');
        },
      ),
      { numRuns: runs(100) },
    );
  });

  test('draws from all rows so far with the same chance, as many as were asked for', async () => {
    const size = 400;
    const tenths = new Array<number>(10).fill(0);
    let all = 0;
    for (let seed = 0; seed < 60; seed++) {
      const given = await values(numbers(size).replay(20, { rate: 1.5, seed }));
      all += given.length - size;
      // What was given again in the second half of the stream: where in the rows before it did it stand?
      const half = given.slice(given.indexOf(size / 2));
      let newest = size / 2 - 1;
      for (const x of half) {
        if (x === newest + 1) newest = x;
        else tenths[Math.floor((10 * x) / newest)]! += 1;
      }
    }
    expect(Math.abs(all / (60 * size) - 1.5)).toBeLessThan(0.03);
    const mean = tenths.reduce((sum, n) => sum + n, 0) / 10;
    expect(mean).toBeGreaterThan(1000);
    // Rows stay in the sample for long, so that draws hang together: the spread is that of some 1200 slots a tenth, not of all draws.
    for (const n of tenths) expect(Math.abs(n / mean - 1)).toBeLessThan(0.25);
  });

  test('follows its own seed, or that of the run', async () => {
    const own = numbers(50).replay(9, { seed: 3 });
    expect(await values(own, 1)).toEqual(await values(own, 2));
    const runs = numbers(50).replay(9);
    expect(await values(runs, 1)).toEqual(await values(runs, 1));
    expect(await values(runs, 1)).not.toEqual(await values(runs, 2));
  });

  test.each([[0], [1.5], [-1], [Number.NaN]])('refuses a buffer of %d', async (buffer) => {
    expect(await refused(toArray(numbers(2).replay(buffer)))).toMatchObject([{ code: 'DAT715' }]);
  });
  test.each([[{ rate: -1 }], [{ rate: Number.NaN }], [{ rate: 2e6 }], [{ seed: 0.5 }]])(
    'refuses %o',
    async (options) => {
      expect(await refused(toArray(numbers(2).replay(5, options)))).toMatchObject([{ code: 'DAT715' }]);
    },
  );
});

describe('targetEncode', () => {
  const schema = { shop: category('a', 'b', 'c'), y: float };
  const row = fc.record({
    shop: fc.constantFrom('a' as const, 'b' as const, 'c' as const),
    y: fc.integer({ min: -9, max: 9 }),
  });

  test('is the smoothed mean of what came before, by definition', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.constantFrom(0, 0.5, 10),
        fc.constantFrom(undefined, 0, -2),
        async (given, smoothing, prior) => {
          const data = from(schema, () => given).targetEncode('mean', {
            of: 'shop',
            target: 'y',
            smoothing,
            prior,
          });
          const got = (await toArray(data)).map(({ mean }) => mean);
          const want = given.map(({ shop }, at) => {
            const before = given.slice(0, at);
            const total = (rows: typeof given): number => rows.reduce((sum, { y }) => sum + y, 0);
            const own = before.filter((row) => row.shop === shop);
            const start = prior ?? (at === 0 ? 0 : total(before) / at);
            const weight = own.length + smoothing;
            return weight === 0 ? start : (total(own) + smoothing * start) / weight;
          });
          expect(got.length).toBe(want.length);
          for (const [i, mean] of got.entries()) expect(mean).toBeCloseTo(want[i] ?? Number.NaN, 10);
          count('encodings');
        },
      ),
      { numRuns: runs(100) },
    );
  });

  test('does not know its own target: another one changes no row up to it', async () => {
    const given = upTo(20).map((i) => ({ shop: 'a' as const, y: i % 3 }));
    const encoded = async (all: typeof given): Promise<number[]> =>
      (await toArray(from(schema, () => all).targetEncode('mean', { of: 'shop', target: 'y' }))).map(
        ({ mean }) => mean,
      );
    const before = await encoded(given);
    const after = await encoded(given.map((row, i) => (i === 9 ? { ...row, y: 1000 } : row)));
    expect(after.slice(0, 10)).toEqual(before.slice(0, 10));
    expect(after[10]).not.toEqual(before[10]);
  });

  test('remembers no more categories than it may', async () => {
    const ids = [1, 2, 3, 1, 3];
    const data = from({ id: int, y: bool }, () => ids.map((id) => ({ id, y: true })));
    const encode = async (capacity: number): Promise<number[]> =>
      (
        await toArray(data.targetEncode('m', { of: 'id', target: 'y', smoothing: 0, prior: 0, capacity }))
      ).map(({ m }) => m);
    expect(await encode(3)).toEqual([0, 0, 0, 1, 1]);
    expect(await encode(2)).toEqual([0, 0, 0, 0, 1]);
    expect(await encode(1)).toEqual([0, 0, 0, 0, 0]);
    ids.splice(0, ids.length, 1, 2, 1, 3, 1);
    // 2 was seen longest ago when 3 came.
    expect(await encode(2)).toEqual([0, 0, 1, 0, 1]);
  });

  const odd = rows({ v: vector(2), t: text({ words: 1, buckets: 9 }), y: float, c: schema.shop }, []);
  test.each<[string, object]>([
    ['m', { of: 'v', target: 'y' }],
    ['m', { of: 'none', target: 'y' }],
    ['m', { of: 'c', target: 'v' }],
    ['m', { of: 'c', target: 'c' }],
    ['m', { of: 'c', target: 't' }],
    ['y', { of: 'c', target: 'y' }],
    ['m', { of: 'c', target: 'y', smoothing: -1 }],
    ['m', { of: 'c', target: 'y', smoothing: Number.POSITIVE_INFINITY }],
    ['m', { of: 'c', target: 'y', prior: Number.NaN }],
    ['m', { of: 'c', target: 'y', capacity: 0 }],
  ])('refuses %s, %o', async (name, options) => {
    expect(await refused(toArray(odd.targetEncode(name as 'm', options as never)))).toMatchObject([
      { code: 'DAT715' },
    ]);
  });

  test('takes texts as categories', async () => {
    const data = rows({ t: text({ words: 1, buckets: 9 }), y: float }, [
      { t: 'a b', y: 1 },
      { t: 'a b', y: 1 },
    ]);
    const encoded = data.targetEncode('m', { of: 't', target: 'y', smoothing: 0 });
    expect((await toArray(encoded)).map(({ m }) => m)).toEqual([0, 1]);
  });
});
