/** Bad rows: exact to the row under every policy, whatever source they come from and whoever says that they are bad. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { afterAll, describe, expect, test } from 'vitest';
import { bool, category, float, int } from '../../dsl/column.ts';
import type { Dataset } from '../../dsl/dataset.ts';
import { arrays, csv, from, rows } from '../../dsl/dataset.ts';
import { jsonLines } from '../../dsl/files.ts';
import type { RowOptions } from '../../dsl/row-options.ts';
import { BadRow, deadLetter } from '../../dsl/row-options.ts';
import type { StandardSchema } from '../../dsl/standard-schema.ts';
import { runs } from '../support/effort.ts';
import { fakeRun } from '../support/fake-run.ts';
import { refused } from '../support/refused.ts';
import { readRows } from '../support/rows-of.ts';
import { tally } from '../support/tally.ts';

const count = tally('bad rows', { datasets: 250, bad: 400, resumes: 60 });

const directory = mkdtempSync(join(tmpdir(), 'millrace-bad-rows-'));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;
const fileOf = (ending: string): string => join(directory, `${files++}.${ending}`);

const schema = { x: int };
type XRow = { readonly x: number };

/** Says no to sevens; those of `later` answer in a promise. */
const noSevens = (later: boolean): StandardSchema<unknown, XRow> => ({
  '~standard': {
    version: 1,
    vendor: 'specs',
    validate(value) {
      const { x } = value as XRow;
      const result =
        x === 7 ? { issues: [{ message: 'no sevens', path: ['x'] }] } : { value: { x: Number(x) } };
      return later ? Promise.resolve(result) : result;
    },
  },
});

type Make = (values: readonly unknown[], options: RowOptions<typeof schema>) => Dataset;

/** The same rows out of each kind of source. */
const sources: Readonly<Record<string, Make>> = {
  rows: (values, options) => rows(schema, values.map((x) => ({ x })) as XRow[], options),
  arrays: (values, options) => arrays(schema, { x: values }, options),
  from: (values, options) => from(schema, () => values.map((x) => ({ x })) as XRow[], options),
  'from, later': (values, options) =>
    from(
      schema,
      async function* () {
        for (const x of values) yield { x } as XRow;
      },
      options,
    ),
  csv: (values, options) => csv(csvOf(values), schema, options),
  'csv, streamed': (values, options) => csv(csvOf(values), schema, { ...options, stream: true }),
  jsonLines(values, options) {
    const file = fileOf('jsonl');
    writeFileSync(file, values.map((x) => `${JSON.stringify({ x })}\n`).join(''));
    return jsonLines(file, schema, options);
  },
};

function csvOf(values: readonly unknown[]): string {
  const file = fileOf('csv');
  writeFileSync(file, `x\n${values.map((x) => `${x}\n`).join('')}`);
  return file;
}

const value = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 9 }) }, fc.constant('bad'));
const values = fc.array(value, { minLength: 1, maxLength: 30 });

describe.each(Object.entries(sources))('%s', (_, make) => {
  test('skip gives the good rows and counts the others; a dead letter holds those', async () => {
    await fc.assert(
      fc.asyncProperty(
        values,
        fc.constantFrom('none', 'at once', 'later'),
        fc.boolean(),
        async (given, validating, toFile) => {
          const validate = validating === 'none' ? undefined : noSevens(validating === 'later');
          const isGood = (x: unknown): boolean => x !== 'bad' && (validate === undefined || x !== 7);
          const file = fileOf('jsonl');
          const onBadRow = toFile ? deadLetter(file) : 'skip';
          const dataset = make(given, { onBadRow, validate });
          const bad = given.filter((x) => !isGood(x));
          for (const epoch of [0, 1]) {
            const read = await readRows(dataset, 'x', { epoch });
            expect(read.values).toEqual(given.filter(isGood));
            expect(read.rejected).toBe(bad.length);
          }
          count('datasets');
          count('bad', bad.length);
          if (!toFile || bad.length === 0) return;
          const letters = readFileSync(file, 'utf8')
            .trimEnd()
            .split('\n')
            .map((line): { row: XRow; reason: string; place: string } => JSON.parse(line));
          // Once, though the source was read twice.
          expect(letters.map(({ row }) => row.x)).toEqual(bad);
          expect(new Set(letters.map(({ place }) => place)).size).toBe(bad.length);
          for (const { reason } of letters) expect(reason).toMatch(/^DAT\d+: /);
          // Those that only the validator refused are good rows for a dataset without one.
          const again = await readRows(jsonLines(file, schema, { member: 'row', onBadRow: 'skip' }), 'x');
          expect(again.values).toEqual(bad.filter((x) => x !== 'bad'));
        },
      ),
      { numRuns: runs(40) },
    );
  });

  test('fails at the first bad row by default, and says where it stands', async () => {
    const [diagnostic] = await refused(readRows(make([1, 2, 'bad', 3], {}), 'x'));
    expect(diagnostic?.code).toBe('DAT705');
    const { file, line } = diagnostic!.span;
    expect(file === 'nowhere' || line === 0 ? diagnostic!.message : `row ${line}`).toMatch(/row [234]/);
    const validate = noSevens(false);
    expect(await refused(readRows(make([1, 7], { validate }), 'x'))).toMatchObject([{ code: 'DAT730' }]);
  });
});

test('a checkpoint in the middle loses and repeats no row, bad or good, with a validator that answers later', async () => {
  const kinds = ['from', 'from, later', 'csv, streamed', 'jsonLines'];
  await fc.assert(
    fc.asyncProperty(values, fc.constantFrom(...kinds), fc.nat(20), async (given, kind, stop) => {
      const file = fileOf('jsonl');
      const make = sources[kind]!;
      const options = { onBadRow: deadLetter(file), validate: noSevens(true) };
      const dataset = make(given, options);
      const first = await readRows(dataset, 'x', { rows: stop });
      // What a process writes after its last checkpoint, and before it dies, is read again.
      await readRows(dataset, 'x', { from: first.state, rows: 2 });
      const second = await readRows(dataset, 'x', { from: first.state });
      expect([...first.values, ...second.values]).toEqual(given.filter((x) => x !== 'bad' && x !== 7));
      const bad = given.filter((x) => x === 'bad' || x === 7).length;
      expect(first.rejected + second.rejected).toBe(bad);
      if (bad > 0) expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(bad);
      count('resumes');
    }),
    { numRuns: runs(60) },
  );
});

test('a bad row is one before map or filter has seen it', async () => {
  const seen: unknown[] = [];
  const bad = { x: 'bad' } as unknown as XRow;
  const dataset = from(schema, () => [{ x: 1 }, bad, { x: 2 }], { onBadRow: 'skip' })
    .filter(({ x }) => {
      seen.push(x);
      return true;
    })
    .map(schema, ({ x }) => ({ x: x * 10 }));
  const { values, rejected } = await readRows(dataset, 'x');
  expect([values, seen, rejected]).toEqual([[10, 20], [1, 2], 1]);
});

test('one bad row of ten thousand does not end a run that skips, and is told as an event', async () => {
  function* stream(): Generator<XRow> {
    for (let i = 0; i < 10_000; i++) yield (i === 5000 ? { x: 'bad' } : { x: 1 }) as XRow;
  }
  const data = from(schema, stream, { onBadRow: 'skip' }).batch(32);
  const { run, events } = fakeRun({ data }, { epochs: 1 });
  expect(await run.finished).toMatchObject({ outcome: 'finished', steps: 313 });
  expect(events.filter(({ type }) => type === 'recordRejected')).toMatchObject([
    { reason: 'invalid', count: 1, total: 1, stage: 'from', data: 'training' },
  ]);
});

describe('what a row may be', () => {
  test.each<[string, () => unknown[], object]>([
    [
      'a getter that throws',
      () => [
        {
          get x() {
            throw new Error('lazy');
          },
        },
      ],
      { code: 'DAT705', message: expect.stringContaining('row 0 of the source, column x') },
    ],
    [
      'the list that events.on gives',
      () => [[{ x: 1 }]],
      {
        message: 'row 0 of the source is a list, not an object',
        hint: expect.stringContaining('map(([row]) => row)'),
      },
    ],
    ['a number', () => [5], { message: 'row 0 of the source is not an object' }],
    ['null', () => [null], { message: 'row 0 of the source is not an object' }],
    [
      'one that the source could not make out',
      () => [new BadRow('{', 'no JSON')],
      { message: 'row 0 of the source: no JSON' },
    ],
  ])('%s is bad', async (_, make, expected) => {
    expect(await refused(readRows(from(schema, make as () => XRow[]), 'x'))).toMatchObject([expected]);
    const skipping = from(schema, () => [...make(), { x: 3 }] as XRow[], { onBadRow: 'skip' });
    expect(await readRows(skipping, 'x')).toMatchObject({ values: [3], rejected: 1 });
  });

  test('rows that refer to themselves, bigints and arrays can be written to a dead letter', async () => {
    const file = fileOf('jsonl');
    const ring: Record<string, unknown> = { x: 'bad' };
    ring.self = ring;
    const given = [ring, { x: 5n }, { x: new Float32Array(2) }] as unknown as XRow[];
    await readRows(from(schema, given, { onBadRow: deadLetter(file) }), 'x');
    const letters = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line): object => JSON.parse(line));
    expect(letters).toMatchObject([
      { row: 'an object with x, self' },
      { row: { x: '5' } },
      { row: { x: [0, 0] } },
    ]);
  });
});

test('pushed rows are checked too', async () => {
  const subject = new Subject<XRow>();
  const dataset = from(schema, subject, { overflow: 'error', onBadRow: 'skip' });
  const read = readRows(dataset, 'x');
  setTimeout(() => {
    for (const x of [1, 'bad', 2, 'bad']) subject.next({ x } as XRow);
    subject.complete();
  });
  expect(await read).toMatchObject({ values: [1, 2], rejected: 2 });
});

test('a validator may make other rows of those that came', async () => {
  const coerced: StandardSchema<{ x: string }, XRow> = {
    '~standard': {
      version: 1,
      vendor: 'specs',
      validate: (row) => ({ value: { x: Number((row as XRow).x) } }),
    },
  };
  const dataset = from(schema, () => [{ x: '4' }, { x: '5' }], { validate: coerced });
  expect((await readRows(dataset, 'x')).values).toEqual([4, 5]);
});

describe('missing values', () => {
  const wide = { a: float, b: int, c: bool, d: category('yes', 'no') };
  const missing = { a: -1, b: -2, c: true, d: 'no' } as const;
  const file = fileOf('csv');
  writeFileSync(file, 'a,b,c,d\n,,,\n1,2,false,yes\n');
  const lines = fileOf('jsonl');
  writeFileSync(lines, '{"a":null}\n{"a":1,"b":2,"c":false,"d":"yes"}\n');
  const filled: Readonly<Record<string, Dataset>> = {
    csv: csv(file, wide, { missing }),
    'csv, streamed': csv(file, wide, { missing, stream: true }),
    jsonLines: jsonLines(lines, wide, { missing }),
    arrays: arrays(
      wide,
      { a: [null, 1], b: [undefined, 2], c: [null, 0], d: [undefined, 'yes'] },
      { missing },
    ),
  };
  test.each(Object.entries(filled))('%s: each column has its own', async (_, dataset) => {
    for (const [name, expected] of Object.entries({ a: [-1, 1], b: [-2, 2], c: [1, 0], d: [1, 0] })) {
      expect((await readRows(dataset, name)).values).toEqual(expected);
    }
  });

  test('nan stands for real numbers only', async () => {
    const given = (): { a: number }[] => [{}, { a: 1 }] as { a: number }[];
    expect((await readRows(from({ a: float }, given, { missing: 'nan' }), 'a')).values).toEqual([
      Number.NaN,
      1,
    ]);
    expect(await refused(readRows(from({ a: int }, given, { missing: 'nan' }), 'a'))).toMatchObject([
      { code: 'DAT702' },
    ]);
  });
});

test.each<[string, object]>([
  ['onBadRow', { onBadRow: 'drop' }],
  ['validate', { validate: { parse: () => 1 } }],
  ['missing', { missing: 5 }],
])('%s that is none is refused', async (_, options) => {
  expect(await refused(readRows(rows(schema, [], options), 'x'))).toMatchObject([{ code: 'DAT715' }]);
  expect(
    await refused(
      readRows(
        from(schema, () => [], options),
        'x',
      ),
    ),
  ).toMatchObject([{ code: 'DAT715' }]);
});
