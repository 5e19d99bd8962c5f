/** The laws of datasets: what shuffling, splitting and batching may and may not do to rows. */
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { float, int } from '../../dsl/column.ts';
import type { Dataset } from '../../dsl/dataset.ts';
import { arrays, from, rows, split } from '../../dsl/dataset.ts';
import { interleave, zip } from '../../dsl/several-datasets.ts';
import { Permutation } from '../../runtime/data/table/permutation.ts';
import { drain, openSource, valuesOf } from '../support/drain.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const count = tally('datasets', {
  permutations: 300,
  splits: 150,
  pipelines: 300,
  resumes: 150,
  streams: 150,
});

const numbers = (size: number): Dataset<{ n: typeof int }> =>
  arrays({ n: int }, { n: Int32Array.from({ length: size }, (_, i) => i) });
const upTo = (size: number): number[] => Array.from({ length: size }, (_, i) => i);
const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const seed = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

describe('a permutation', () => {
  test('reaches every place exactly once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), seed, fc.nat(9), (size, key, epoch) => {
        const permutation = new Permutation(size, key, epoch);
        expect(sorted(upTo(size).map((place) => permutation.at(place)))).toEqual(upTo(size));
        count('permutations');
      }),
      { numRuns: runs(300) },
    );
  });

  test('sends each place everywhere about equally often, and neighbours independently', () => {
    const size = 10;
    const keys = 20_000;
    const singles = new Float64Array(size * size);
    const pairs = new Float64Array(size * size);
    for (let key = 0; key < keys; key++) {
      const permutation = new Permutation(size, key);
      const there = upTo(size).map((place) => permutation.at(place));
      for (const place of upTo(size)) singles[place * size + there[place]!]! += 1;
      pairs[there[3]! * size + there[4]!]! += 1;
    }
    const chiSquare = (seen: Float64Array, expected: number, skip: (i: number) => boolean): number =>
      seen.reduce((sum, n, i) => (skip(i) ? sum : sum + (n - expected) ** 2 / expected), 0);
    // 81 and 89 degrees of freedom: 150 is beyond the 99.99 % point of both.
    expect(chiSquare(singles, keys / size, () => false)).toBeLessThan(150);
    expect(
      chiSquare(pairs, keys / (size * (size - 1)), (i) => Math.floor(i / size) === i % size),
    ).toBeLessThan(150);
  });
});

describe('rows in memory', () => {
  test('shuffling gives every row once an epoch, in another order each time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 20, max: 400 }), seed, async (size, seed) => {
        const dataset = numbers(size).shuffle();
        const first = await valuesOf(dataset, 'n', { seed });
        const second = await valuesOf(dataset, 'n', { seed, epoch: 1 });
        expect(sorted(first)).toEqual(upTo(size));
        expect(sorted(second)).toEqual(upTo(size));
        expect(second).not.toEqual(first);
        expect(await valuesOf(dataset, 'n', { seed })).toEqual(first);
        expect(await valuesOf(numbers(size).shuffle({ seed }), 'n', { seed: 1 })).toEqual(first);
      }),
    );
  });

  test('the parts of a split partition the rows, and keep them through all epochs', async () => {
    const stages = fc.constantFrom<(rows: Dataset<{ n: typeof int }>) => Dataset<{ n: typeof int }>>(
      (rows) => rows,
      (rows) => rows.shuffle(),
      (rows) => rows.shuffle().skip(3),
      (rows) => rows.shuffle({ seed: 5 }).filter(({ n }) => n % 3 !== 0),
      (rows) =>
        rows
          .filter(({ n }) => n % 2 === 0)
          .shuffle()
          .shuffle(),
      (rows) => rows.take(50).shuffle().take(20),
      (rows) => rows.map({ n: int }, ({ n }) => ({ n: n + 1 })).shuffle(),
    );
    const shares = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        stages,
        shares,
        fc.integer({ min: 10, max: 200 }),
        seed,
        async (stage, weights, size, seed) => {
          const dataset = stage(numbers(size));
          const sum = weights.reduce((a, b) => a + b, 0);
          const parts = split(
            dataset,
            Object.fromEntries(weights.map((weight, i) => [`p${i}`, weight / sum])),
          );
          const epochs = await Promise.all(
            [0, 1, 2].map((epoch) =>
              Promise.all(Object.values(parts).map((part) => valuesOf(part, 'n', { seed, epoch }))),
            ),
          );
          const whole = sorted(epochs[0]!.flat());
          expect(new Set(whole).size).toBe(whole.length);
          expect(whole).toEqual(sorted(await valuesOf(dataset, 'n', { seed })));
          for (const [i, part] of epochs[0]!.entries()) {
            expect(Math.abs(part.length - (whole.length * weights[i]!) / sum)).toBeLessThanOrEqual(1);
            for (const later of epochs) expect(sorted(later[i]!)).toEqual(sorted(part));
          }
          const nested = split(Object.values(parts)[0]!, { a: 0.5, b: 0.5 });
          const halves = [
            await valuesOf(nested.a, 'n', { seed, epoch: 1 }),
            await valuesOf(nested.b, 'n', { seed, epoch: 2 }),
          ];
          expect(sorted(halves.flat())).toEqual(sorted(epochs[0]![0]!));
          count('splits');
        },
      ),
      { numRuns: runs(150) },
    );
  });

  test('a shuffled part comes in another order each epoch', async () => {
    const { train } = split(numbers(100).shuffle(), { train: 0.8, test: 0.2 });
    expect(await valuesOf(train, 'n', { epoch: 1 })).not.toEqual(await valuesOf(train, 'n', { epoch: 0 }));
  });
});

/** A chain of transforms, applied to a dataset and, by plain array code, to the list of its rows. */
interface Transform {
  readonly text: string;
  readonly dataset: (rows: Dataset<{ n: typeof int }>) => Dataset<{ n: typeof int }>;
  readonly list: (rows: number[]) => number[];
}
const transform: fc.Arbitrary<Transform> = fc.oneof(
  fc
    .nat(30)
    .map((k): Transform => ({ text: `take ${k}`, dataset: (d) => d.take(k), list: (r) => r.slice(0, k) })),
  fc
    .nat(10)
    .map((k): Transform => ({ text: `skip ${k}`, dataset: (d) => d.skip(k), list: (r) => r.slice(k) })),
  fc.nat(3).map(
    (k): Transform => ({
      text: `repeat ${k}`,
      dataset: (d) => d.repeat(k),
      list: (r) => Array.from({ length: k }, () => r).flat(),
    }),
  ),
  fc.integer({ min: 2, max: 4 }).map(
    (k): Transform => ({
      text: `filter ${k}`,
      dataset: (d) => d.filter(({ n }) => n % k !== 0),
      list: (r) => r.filter((n) => n % k !== 0),
    }),
  ),
  fc.integer({ min: 1, max: 5 }).map(
    (k): Transform => ({
      text: `map ${k}`,
      dataset: (d) => d.map({ n: int }, ({ n }) => ({ n: n * k + 1 })),
      list: (r) => r.map((n) => n * k + 1),
    }),
  ),
  fc.integer({ min: 5, max: 40 }).map(
    (k): Transform => ({
      text: `takeWhile ${k}`,
      dataset: (d) => d.takeWhile(({ n }) => n < k),
      list: (r) =>
        r.some((n) => n >= k)
          ? r.slice(
              0,
              r.findIndex((n) => n >= k),
            )
          : r,
    }),
  ),
  fc.constant<Transform>({
    text: 'enumerate',
    dataset: (d) => d.enumerate('place').map({ n: int }, ({ n, place }) => ({ n: (n * 3 + place) % 1000 })),
    list: (r) => r.map((n, place) => (n * 3 + place) % 1000),
  }),
  fc.integer({ min: 0, max: 3 }).map(
    (k): Transform => ({
      text: `flatMap ${k}`,
      dataset: (d) => d.flatMap({ n: int }, ({ n }) => Array.from({ length: n % (k + 1) }, () => ({ n }))),
      list: (r) => r.flatMap((n) => Array.from({ length: n % (k + 1) }, () => n)),
    }),
  ),
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }), fc.boolean()).map(
    ([size, shift, dropRemainder]): Transform => ({
      text: `window ${size} ${shift} ${dropRemainder}`,
      dataset: (d) =>
        d.window({ n: int }, size, (rows) => ({ n: rows.reduce((sum, { n }) => sum + n, 0) % 1000 }), {
          shift,
          dropRemainder,
        }),
      list: (r) =>
        r
          .flatMap((_, i) => (i % shift === 0 ? [r.slice(i, i + size)] : []))
          .filter(({ length }) => length === size || !dropRemainder)
          .map((rows) => rows.reduce((sum, n) => sum + n, 0) % 1000),
    }),
  ),
  fc.constant<Transform>({
    text: 'scan',
    dataset: (d) => d.scan({ n: int }, 0, (sum, { n }) => [(sum + n) % 1000, { n: (sum + n) % 1000 }]),
    list: (r) => {
      let sum = 0;
      return r.map((n) => (sum = (sum + n) % 1000));
    },
  }),
  fc.integer({ min: 1, max: 4 }).map(
    (k): Transform => ({
      text: `mapBatches ${k}`,
      dataset: (d) =>
        d.mapBatches({ n: int }, k, async (rows) => rows.map(({ n }) => ({ n: n + rows.length }))),
      list: (r) => r.map((n, i) => n + Math.min(k, r.length - (i - (i % k)))),
    }),
  ),
  fc.integer({ min: 1, max: 9 }).map(
    (k): Transform => ({
      text: `dedupe ${k}`,
      dataset: (d) => d.dedupe({ by: ({ n }) => n % 7, within: { rows: k } }),
      list(r) {
        const last = new Map<number, number>();
        return r.filter((n, i) => {
          const before = last.get(n % 7);
          if (before !== undefined && i - before <= k) return false;
          last.set(n % 7, i);
          return true;
        });
      },
    }),
  ),
  fc.constantFrom<Transform>(
    { text: 'peek', dataset: (d) => d.peek(() => {}), list: (r) => r },
    { text: 'prefetch', dataset: (d) => d.prefetch(3), list: (r) => r },
    { text: 'sample 1', dataset: (d) => d.sample(1), list: (r) => r },
    { text: 'concat', dataset: (d) => d.concat(d.take(3)), list: (r) => [...r, ...r.slice(0, 3)] },
    {
      text: 'zip',
      dataset: (d) =>
        zip(
          d,
          d.skip(2).map({ m: int }, ({ n }) => ({ m: n })),
        ).map({ n: int }, ({ n, m }) => ({
          n: (n + m) % 1000,
        })),
      list: (r) => r.slice(2).map((m, i) => ((r[i] ?? 0) + m) % 1000),
    },
    {
      text: 'interleave',
      dataset: (d) => interleave([d, d.take(2)], { block: 2 }),
      list: (r) => [...r.slice(0, 2), ...r.slice(0, 2), ...r.slice(2)],
    },
  ),
);

/** The same rows as every kind of source. */
const sources: Readonly<Record<string, (size: number) => Dataset<{ n: typeof int }>>> = {
  arrays: numbers,
  rows: (size) =>
    rows(
      { n: int },
      upTo(size).map((n) => ({ n })),
    ),
  iterable: (size) => from({ n: int }, () => upTo(size).map((n) => ({ n }))),
  async: (size) =>
    from({ n: int }, async function* () {
      for (const n of upTo(size)) yield { n };
    }),
};

test('chains of transforms do what the same chains do to lists, on every kind of source', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(sources)),
      fc.nat(40),
      fc.array(transform, { maxLength: 5 }),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      async (source, size, chain, batch, dropRemainder) => {
        const dataset = chain.reduce((rows, { dataset }) => dataset(rows), sources[source]!(size));
        const list = chain.reduce((rows, { list }) => list(rows), upTo(size));
        const { columns, sizes } = await drain(dataset.batch(batch, { dropRemainder }));
        const whole = dropRemainder ? list.slice(0, list.length - (list.length % batch)) : list;
        expect(columns.n).toEqual(whole);
        expect(sizes.slice(0, -1).every((rows) => rows === batch)).toBe(true);
        count('pipelines');
      },
    ),
    { numRuns: runs(400) },
  );
});

test('shuffles anywhere in a chain change the order of rows only', async () => {
  const shuffle: Transform = { text: 'shuffle', dataset: (d) => d.shuffle({ buffer: 8 }), list: (r) => r };
  const harmless = transform.filter(({ text }) =>
    /^(repeat|filter|map \d|flatMap|peek|prefetch|sample)/.test(text),
  );
  const chain = fc.array(fc.oneof(fc.constant(shuffle), harmless), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(sources)),
      fc.nat(40),
      chain,
      seed,
      fc.nat(3),
      async (source, size, chain, seed, epoch) => {
        const dataset = chain.reduce((rows, { dataset }) => dataset(rows), sources[source]!(size));
        const list = chain.reduce((rows, { list }) => list(rows), upTo(size));
        expect(sorted(await valuesOf(dataset, 'n', { seed, epoch }))).toEqual(sorted(list));
        count('pipelines');
      },
    ),
  );
});

test('an epoch that is gone on with from a kept state gives what it would have given', async () => {
  const shuffle: Transform = { text: 'shuffle', dataset: (d) => d.shuffle({ buffer: 8 }), list: (r) => r };
  const cache: Transform = { text: 'cache', dataset: (d) => d.cache(), list: (r) => r };
  const chain = fc.array(fc.oneof(fc.constantFrom(shuffle, cache), transform), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(sources)),
      chain,
      fc.nat(12),
      fc.boolean(),
      fc.nat(2),
      seed,
      async (source, chain, batches, givesBack, epoch, seed) => {
        const dataset = chain.reduce((rows, { dataset }) => dataset(rows), sources[source]!(40)).batch(5);
        const whole = (await drain(dataset, { seed, epoch })).columns.n!;
        const opened = await openSource(dataset, { seed, epoch });
        const inputs = { n: new Int32Array(5) };
        let seen = 0;
        for (let batch = 0; batch < batches; batch++) {
          const size = await opened.next(inputs);
          seen += size;
          if (batch === batches - 1 && givesBack) {
            opened.giveBack();
            seen -= size;
          }
        }
        // A state is taken at the beginning of a turn: no row is then on its way from promise to promise.
        await setImmediate();
        opened.close();
        const from: unknown = structuredClone(opened.state());
        expect((await drain(dataset, { seed, epoch, from })).columns.n).toEqual(whole.slice(seen));
        count('resumes');
      },
    ),
    { numRuns: runs(300) },
  );
});

test('no two rounds of a repetition have the same order, in whatever epochs', async () => {
  const orders = new Set<string>();
  for (let epoch = 0; epoch < 3; epoch++) {
    const values = await valuesOf(numbers(20).shuffle().repeat(3), 'n', { epoch });
    for (let round = 0; round < 3; round++) orders.add(values.slice(round * 20, (round + 1) * 20).join());
  }
  expect(orders.size).toBe(9);
});

describe('endless repetition', () => {
  test('gives each round whole, in another order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 10, max: 60 }), seed, async (size, seed) => {
        for (const dataset of [numbers(size).shuffle().repeat(), numbers(size).repeat().shuffle()]) {
          const { columns } = await drain(dataset.batch(size), { seed, batches: 3 });
          const rounds = [0, 1, 2].map((round) => columns.n!.slice(round * size, (round + 1) * size));
          for (const round of rounds) expect(sorted(round)).toEqual(upTo(size));
          expect(rounds[1]).not.toEqual(rounds[0]);
        }
      }),
    );
  });

  test('can be split and filtered', async () => {
    const { a, b } = split(numbers(20).repeat(), { a: 0.5, b: 0.5 });
    const odd = a.filter(({ n }) => n % 2 === 1);
    expect((await drain(odd.batch(5), { batches: 2 })).columns.n).toEqual([1, 3, 5, 7, 9, 1, 3, 5, 7, 9]);
    expect((await drain(b.batch(10), { batches: 1 })).columns.n).toEqual(upTo(20).slice(10));
  });
});

test('a live source is split by place: every row in one part, shares as asked for', async () => {
  await fc.assert(
    fc.asyncProperty(fc.double({ min: 0.1, max: 0.9, noNaN: true }), seed, async (share, seed) => {
      const size = 2000;
      const { a, b } = split(sources.async!(size), { a: share, b: 1 - share });
      const [mine, theirs] = [await valuesOf(a, 'n', { seed }), await valuesOf(b, 'n', { seed, epoch: 1 })];
      expect(sorted([...mine, ...theirs])).toEqual(upTo(size));
      // Six standard deviations of a binomial draw.
      expect(Math.abs(mine.length - size * share)).toBeLessThan(6 * Math.sqrt(size * share * (1 - share)));
      count('streams');
    }),
    { numRuns: runs(150) },
  );
});

test('rows of an endless source are asked for one at a time, and only when needed', async () => {
  let asked = 0;
  let closed = false;
  const source = from({ x: float }, function* () {
    try {
      for (;;) yield { x: asked++ };
    } finally {
      closed = true;
    }
  });
  const { columns } = await drain(source.batch(4), { batches: 3 });
  expect(columns.x).toEqual(upTo(12));
  expect(asked).toBe(12);
  expect(closed).toBe(true);
});
