/** Rows of host code that hold anything: they are taken, or refused with a short diagnostic that names row and column. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Schema } from '../../dsl/column.ts';
import { allowNotFinite, bool, category, float, int, tensor, vector } from '../../dsl/column.ts';
import type { Dataset } from '../../dsl/dataset.ts';
import { arrays, from, rows } from '../../dsl/dataset.ts';
import { drain } from '../support/drain.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';
import { cyclic, nested, oddValue, oddValues } from './odd-values.ts';

const schema = {
  f: float,
  i: int,
  b: bool,
  c: category('red', 'green'),
  v: vector(4),
  t: tensor([2, 2], 'int32'),
};
const good = { f: 1, i: 1, b: true, c: 'red', v: [1, 2, 3, 4], t: [1, 2, 3, 4] };

const count = tally('odd rows', { rows: 1000, refused: 500, taken: 10 });

/** Rows that TypeScript would not have let through. */
const loose = (given: readonly unknown[]): never => given as never;

const kinds: Readonly<Record<string, (given: readonly unknown[]) => Dataset<Schema>>> = {
  'rows in memory': (given) => rows(schema, loose(given)) as never,
  'live rows': (given) => from(schema, (() => given) as never) as never,
};

/** What reading gives: nothing when all is taken. */
async function problemOf(dataset: Dataset<Schema>): Promise<DiagnosticError | undefined> {
  try {
    await drain(dataset.batch(4));
    return undefined;
  } catch (error) {
    // Anything else is what must not be: an error of ours that says nothing to whoever made the row.
    if (!(error instanceof DiagnosticError)) throw error;
    return error;
  }
}

function isShort(error: DiagnosticError): void {
  expect(error.message.length).toBeLessThanOrEqual(2000);
  for (const { code, message } of error.diagnostics) {
    expect(code).toMatch(/^DAT7\d\d$/);
    expect(message).not.toMatch(/internal/);
  }
}

describe.each(Object.keys(kinds))('%s', (kind) => {
  const read = (given: readonly unknown[]) => problemOf(kinds[kind]!(given));

  test('of odd values in any column', async () => {
    const names = fc.constantFrom(...Object.keys(schema));
    await fc.assert(
      fc.asyncProperty(names, oddValue, fc.boolean(), async (name, make, inside) => {
        const value = make();
        const odd = inside && (name === 'v' || name === 't') ? [1, value, 3, 4] : value;
        const error = await read([good, { ...good, [name]: odd }]);
        count('rows');
        count(error ? 'refused' : 'taken');
        if (!error) return;
        isShort(error);
        expect(error.diagnostics[0]!.message).toMatch(/row 1/);
      }),
      { numRuns: runs(500) },
    );
  });

  test.each(oddValues)('%s as a row', async (what, make) => {
    // What a cursor makes of a row that it cannot look at, before anybody writes it, is a matter of cursors.
    if (kind === 'live rows' && /undefined|untouchable|revoked/.test(what)) return;
    const error = await read([good, make()]);
    expect(error).toBeDefined();
    isShort(error!);
  });

  test('a getter that throws is named by row, with its error as the cause', async () => {
    const boom = new RangeError('boom');
    const row = Object.defineProperty({ ...good }, 'f', {
      get: () => {
        throw boom;
      },
    });
    const error = await read([good, row]);
    expect(error?.diagnostics).toMatchObject([
      { code: 'DAT705', message: expect.stringMatching(/^row 1.*: the value cannot be read: boom$/) },
    ]);
    expect(error?.cause).toBe(boom);
  });

  test.each([
    ['cyclic', cyclic],
    ['deep', () => nested(100_000)],
  ])('a %s array is refused by its shape', async (_, make) => {
    const error = await read([{ ...good, t: make() }]);
    expect(error?.diagnostics).toMatchObject(
      [{ code: 'DAT707', received: /nested as \[1(, 1)*, …\]/ }].map(({ code, received }) => ({
        code,
        received: expect.stringMatching(received),
      })),
    );
  });

  test.each<[string, object, string]>([
    ['NaN', { f: Number.NaN }, 'column f'],
    ['Infinity', { f: Number.NEGATIVE_INFINITY }, 'column f'],
    ['1e39', { f: 1e39 }, 'column f'],
    ['NaN in an array', { v: [1, 2, Number.NaN, 4] }, 'column v'],
    ['NaN in a typed array', { v: Float32Array.of(1, 2, 3, Number.NaN) }, 'column v'],
    ['1e39 in a typed array', { v: Float64Array.of(1, 1e39, 3, 4) }, 'column v'],
  ])('%s is refused with its row and column', async (_, change, column) => {
    const error = await read([good, good, { ...good, ...change }]);
    expect(error?.diagnostics).toMatchObject([
      {
        code: 'DAT705',
        message: expect.stringMatching(new RegExp(`^row 2.*, ${column}: the value is not finite`)),
      },
    ]);
  });
});

test('an array that grows while it is read writes nothing into the next row', async () => {
  let asked = 0;
  const growing = new Proxy([1, 2, 3, 4], {
    get: (target, key) => (key === 'length' ? (asked++ === 0 ? 4 : 100) : Reflect.get(target, key)),
  });
  const { columns } = await drain(rows({ v: vector(4) }, [{ v: growing }, { v: [5, 6, 7, 8] }]).batch(2));
  expect(columns.v).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('the largest and smallest numbers of float32 are taken', async () => {
  const values = [3.4028234663852886e38, -3.4028235677973362e38, 1e-45, 5e-324, -0];
  const { columns } = await drain(
    rows(
      { x: float },
      values.map((x) => ({ x })),
    ).batch(8),
  );
  expect(columns.x).toEqual(values.map(Math.fround));
});

describe('a column that allows what is not finite takes it', () => {
  const all = { x: allowNotFinite(float), v: allowNotFinite(vector(2)) };
  const x = [Number.NaN, Number.POSITIVE_INFINITY, 1e39];
  const v = [
    [Number.NaN, 1],
    [2, -1e300],
    [Number.NEGATIVE_INFINITY, 0],
  ];
  const expected = {
    x: [Number.NaN, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    v: [Number.NaN, 1, 2, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0],
  };
  const each = x.map((value, i) => ({ x: value, v: v[i]! }));

  test('as rows, live rows and arrays', async () => {
    for (const dataset of [
      rows(all, each),
      from(all, () => each),
      rows(
        all,
        each.map((row) => ({ ...row, v: Float64Array.from(row.v) })),
      ),
      arrays(all, { x, v: v.flat() }),
      arrays(all, { x: Float32Array.from(x), v: Float32Array.from(v.flat()) }),
      arrays(all, { x, v }),
    ]) {
      expect((await drain(dataset.batch(2))).columns).toEqual(expected);
    }
  });

  test('and the column is otherwise what it was', () => {
    expect({ ...all.x, notFinite: undefined }).toEqual({ ...float, notFinite: undefined });
    expect(float).not.toHaveProperty('notFinite');
  });
});

describe('arrays', () => {
  const spoilt = (at: number, by: number): Float32Array => {
    const values = new Float32Array(200_000);
    values[at] = by;
    return values;
  };
  test.each([0, 1, 65_535, 65_536, 199_999])(
    'with NaN at %i, used where they lie, are refused',
    async (at) => {
      expect(
        await refused(drain(arrays({ x: float }, { x: spoilt(at, Number.NaN) }).batch(1), { batches: 1 })),
      ).toMatchObject([
        { code: 'DAT705', message: `arrays: row ${at}, column x: the value is not finite as a 32-bit float` },
      ]);
      const wide = arrays({ x: vector(4) }, { x: spoilt(at, Number.NEGATIVE_INFINITY) });
      expect(await refused(drain(wide.batch(1), { batches: 1 }))).toMatchObject([
        { code: 'DAT705', message: expect.stringMatching(`row ${Math.floor(at / 4)}, column x`) },
      ]);
    },
  );

  test('of odd values are taken or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('f', 'i', 'b', 'c'), oddValue, async (name, make) => {
        const column = { [name]: schema[name as 'f'] };
        const given = arrays(column, { [name]: [make()] } as never) as Dataset<Schema>;
        const error = await problemOf(given);
        if (error) isShort(error);
        count('rows');
        count(error ? 'refused' : 'taken');
      }),
      { numRuns: runs(500) },
    );
  });
});
