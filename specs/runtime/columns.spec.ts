/** Rows and columns in memory: what fits is taken as it is, what does not is refused with its row and column. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Schema } from '../../dsl/column.ts';
import { bool, category, float, int, tensor, vector } from '../../dsl/column.ts';
import type { Dataset } from '../../dsl/dataset.ts';
import { arrays, from, rows } from '../../dsl/dataset.ts';
import { drain } from '../support/drain.ts';
import { refused } from '../support/refused.ts';

const schema = {
  f: float,
  i: int,
  b: bool,
  c: category('red', 'green'),
  v: vector(2),
  t: tensor([2, 2], 'int32'),
};

const row = fc.record({
  f: fc.float({ noNaN: true }),
  i: fc.integer(),
  b: fc.boolean(),
  c: fc.constantFrom('red' as const, 'green' as const),
  v: fc.tuple(fc.integer({ min: -99, max: 99 }), fc.nat(99)).map((pair) => pair.map((n) => n / 8)),
  t: fc.array(fc.array(fc.integer(), { minLength: 2, maxLength: 2 }), { minLength: 2, maxLength: 2 }),
});

test('rows, arrays and live rows of the same values give the same numbers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 20 }), fc.boolean(), async (given, typed) => {
      const column = <K extends keyof (typeof given)[number]>(name: K) => given.map((row) => row[name]);
      const flat = { v: column('v').flat(), t: column('t').flat(2) };
      const columns = typed
        ? {
            f: Float32Array.from(column('f')),
            i: Int32Array.from(column('i')),
            v: Float32Array.from(flat.v),
            t: Int32Array.from(flat.t),
          }
        : { f: column('f'), i: column('i'), v: column('v'), t: column('t') };
      const b = typed ? Uint8Array.from(column('b'), Number) : column('b');
      const c = typed ? column('c').map((label) => (label === 'red' ? 0 : 1)) : column('c');
      const numbers = await drain(rows(schema, given).batch(3));
      expect(await drain(arrays(schema, { ...columns, b, c }).batch(3))).toEqual(numbers);
      expect(await drain(from(schema, () => given).batch(3))).toEqual(numbers);
      // What host code sees in a row is what was given.
      const seen: unknown[] = [];
      await drain(
        rows(schema, given)
          .filter((row) => seen.push(row) > 0)
          .batch(3),
      );
      const plain = seen.map((row) =>
        JSON.parse(
          JSON.stringify(row, (_, value) => (ArrayBuffer.isView(value) ? Array.from(value as never) : value)),
        ),
      );
      expect(plain.map(({ f, ...rest }) => rest)).toEqual(given.map(({ f, ...rest }) => rest));
    }),
  );
});

const good = { f: 1, i: 1, b: true, c: 'red', v: [1, 2], t: [1, 2, 3, 4] };
const last = (change: object): object[] => [good, good, { ...good, ...change }];

/** The same bad value in row 2 of each kind of source. */
const sources: Readonly<Record<string, (change: object) => Dataset<Schema>>> = {
  rows: (change) => rows(schema, last(change) as never) as never,
  iterable: (change) => from(schema, () => last(change) as never) as never,
};

describe.each(Object.keys(sources))('bad values in %s are refused', (source) => {
  test.each<[object, string, string, string?]>([
    [{ f: '1' }, 'DAT705', 'column f: the value is not a number', '"1"'],
    [{ f: 1n }, 'DAT705', 'column f: the value is not a number', '1n'],
    [{ f: undefined }, 'DAT702', 'column f: the value is missing'],
    [{ i: 2 ** 31 }, 'DAT705', 'column i: the value is not a whole number of 32 bits', '2147483648'],
    [{ i: Number.NaN }, 'DAT705', 'column i: the value is not a whole number of 32 bits', 'NaN'],
    [{ b: 0 }, 'DAT705', 'column b: the value is not a truth value', '0'],
    [{ c: 'blue' }, 'DAT706', 'column c: "blue" is not one of the labels', 'blue'],
    [{ c: 0 }, 'DAT705', 'column c: the value is not one of the labels of c', '0'],
    [{ v: [1] }, 'DAT707', "column v: the shape of the value differs from the column's", 'an array of 1'],
    [{ v: 1 }, 'DAT707', "column v: the shape of the value differs from the column's", '1'],
    [{ v: [1, null] }, 'DAT705', 'column v: the value is not a number', 'null'],
    [
      { v: new Float32Array(3) },
      'DAT707',
      "column v: the shape of the value differs from the column's",
      'Float32Array of 3',
    ],
    [
      { t: [[1, 2], [3]] },
      'DAT707',
      "column t: the shape of the value differs from the column's",
      'an array of 1',
    ],
    [
      { t: [[1, 2, 3, 4]] },
      'DAT707',
      "column t: the shape of the value differs from the column's",
      'an array of 1, nested as [1, 4]',
    ],
  ])('%o', async (change, code, message, received) => {
    const [problem, ...others] = await refused(drain(sources[source]!(change).batch(4)));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code, ...(received !== undefined && { received }) });
    expect(problem!.message).toMatch(/^row 2/);
    expect(problem!.message.endsWith(message)).toBe(true);
  });
});

describe('bad arrays are refused', () => {
  const columns = {
    f: [1, 2],
    i: [1, 2],
    b: [true, false],
    c: ['red', 'green'],
    v: [1, 2, 3, 4],
    t: [
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ],
  };
  test.each<[object, string, string]>([
    [{ i: undefined }, 'DAT702', 'arrays: there is no column i'],
    [{ i: 3 }, 'DAT705', 'arrays: column i is not an array'],
    [{ i: [1] }, 'DAT708', 'column i has 1 rows, column f has 2'],
    [{ v: [1, 2, 3] }, 'DAT707', "arrays: the length of column v is no multiple of a row's"],
    [{ v: [1, 2, 3, 'x'] }, 'DAT705', 'arrays: row 1, column v: the value is not a number'],
    [{ f: [1, 'x'] }, 'DAT705', 'arrays: row 1, column f: the value is not a number'],
    [{ c: [0, 2] }, 'DAT706', 'arrays: row 1, column c: 2 is not the index of a label'],
    [{ b: [0, 2] }, 'DAT705', 'arrays: row 1, column b: the value is not a truth value'],
  ])('%o', async (change, code, message) => {
    const dataset = arrays(schema, { ...columns, ...change } as never);
    expect(await refused(drain(dataset.batch(2)))).toMatchObject([{ code, message }]);
  });
});

describe('stages that make no sense are refused', () => {
  const ten = arrays({ f: float }, { f: Array.from({ length: 10 }, (_, i) => i) });
  test.each<[string, Dataset<Schema>]>([
    ['take(−1)', ten.take(-1)],
    ['skip(0.5)', ten.skip(0.5)],
    ['repeat(−1)', ten.repeat(-1)],
    ['shuffle({ buffer: 0 })', ten.shuffle({ buffer: 0 })],
    ['shuffle({ seed: 0.5 })', ten.shuffle({ seed: 0.5 })],
    ['shuffle after an endless skip', ten.repeat().skip(1).shuffle()],
    [
      'filter after an endless skip',
      ten
        .repeat()
        .skip(1)
        .filter(() => true),
    ],
  ])('%s', async (_, dataset) => {
    expect(await refused(drain(dataset.batch(2), { batches: 1 }))).toMatchObject([{ code: 'DAT715' }]);
  });

  test.each(['map', 'filter'] as const)('a %s that throws, with the row', async (stage) => {
    const fail = (row: { f: number }): never => {
      throw new Error(`cannot do ${row.f}`);
    };
    const only = (row: { f: number }): boolean => row.f !== 3 || fail(row);
    const same = (row: { f: number }): { f: number } => (only(row) ? row : fail(row));
    const dataset = stage === 'map' ? ten.map({ f: float }, same) : ten.filter(only);
    expect(await refused(drain(dataset.batch(2)))).toMatchObject([
      { code: 'DAT714', message: `${stage} failed on row 3: cannot do 3` },
    ]);
  });

  test('map and filter are asked once a row, and only for rows that come', async () => {
    const asked: number[] = [];
    const dataset = ten
      .filter(({ f }) => f < 4)
      .map({ f: float }, ({ f }) => {
        asked.push(f);
        return { f: -f };
      })
      .repeat(3);
    expect((await drain(dataset.batch(4))).columns.f).toHaveLength(12);
    expect(asked).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
  });
});

test('host code sees real numbers as they were written, not as 32 bits hold them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.nat(9)), { minLength: 1 }),
      async (parts) => {
        const values = parts.map(([digits, exponent]) => Number(`${digits}e-${exponent}`));
        for (const dataset of [
          arrays({ f: float }, { f: values }),
          rows(
            { f: float },
            values.map((f) => ({ f })),
          ),
        ]) {
          const seen: number[] = [];
          await drain(dataset.filter(({ f }) => seen.push(f) > 0).batch(8));
          expect(seen).toEqual(values);
        }
      },
    ),
  );
});
