/** CSV files: what is written by an independent writer is read back, in pieces of any size; what is wrong is placed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bool, category, float, int, vector } from '../../dsl/column.ts';
import { csv } from '../../dsl/dataset.ts';
import type { CsvRecord } from '../../runtime/data/csv/csv-scanner.ts';
import { CsvScanner } from '../../runtime/data/csv/csv-scanner.ts';
import { drain } from '../support/drain.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('csv', { documents: 1500, fields: 20_000, files: 60 });

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-csv-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function fileWith(text: string): Promise<string> {
  const path = join(directory, 'data.csv');
  await writeFile(path, text);
  return path;
}

/** Scans a text in pieces, and keeps what the scanner only lends. */
function scan(text: string, cuts: readonly number[] = [], delimiter = ','): CsvRecord[] {
  const records: CsvRecord[] = [];
  const scanner = new CsvScanner('f.csv', delimiter, (record) =>
    records.push({
      ...record,
      fields: [...record.fields],
      lines: [...record.lines],
      columns: [...record.columns],
    }),
  );
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const place of [...places, text.length]) {
    scanner.write(text.slice(from, place));
    from = place;
  }
  scanner.end();
  return records;
}

interface Field {
  readonly value: string;
  readonly quoted: boolean;
}
const field: fc.Arbitrary<Field> = fc
  .record({
    value: fc.string({
      unit: fc.constantFrom('a', '7', '.', ' ', ',', ';', '"', '\n', '\r', 'é', '🙂'),
      maxLength: 6,
    }),
    quoted: fc.boolean(),
  })
  .map(({ value, quoted }) => ({ value, quoted: quoted || /[,;"\r\n]/.test(value) }));

/** RFC 4180, in one line. */
const written = ({ value, quoted }: Field): string => (quoted ? `"${value.replaceAll('"', '""')}"` : value);

test('what a writer of RFC 4180 writes is read back, with the place of every field', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(field, { minLength: 1, maxLength: 5 }), { maxLength: 8 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.constantFrom(',', ';', '\t'),
      fc.boolean(),
      fc.boolean(),
      fc.array(fc.nat(), { maxLength: 12 }),
      (rows, lineEnd, delimiter, bom, endsWithLine, cuts) => {
        // An empty unquoted field alone makes an empty line, which is passed over.
        const lines = rows.filter(
          (fields) => fields.length > 1 || fields[0]!.quoted || fields[0]!.value !== '',
        );
        const body = lines.map((fields) => fields.map(written).join(delimiter)).join(lineEnd);
        const text = `${bom ? '\ufeff' : ''}${body}${endsWithLine ? lineEnd : ''}`;
        const records = scan(text, cuts, delimiter);
        expect(records.map(({ fields }) => fields)).toEqual(
          lines.map((fields) => fields.map(({ value }) => value)),
        );
        expect(records.every(({ problem }) => problem === undefined)).toBe(true);
        // At the place of each field stands the field as it was written.
        const sourceLines = body.split(/\r\n|\r|\n/);
        for (const [at, { lines: lineOf, columns }] of records.entries()) {
          for (const [f, given] of lines[at]!.entries()) {
            const first = written(given).split(/[\r\n]/)[0]!;
            expect(sourceLines[lineOf[f]! - 1]!.slice(columns[f]! - 1)).toMatch(startsWith(first));
            count('fields');
          }
        }
        count('documents');
      },
    ),
    { numRuns: runs(2000) },
  );
});

function startsWith(text: string): RegExp {
  return new RegExp(`^${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`);
}

/** Goldens: what Python's csv module reads from these texts; it gives empty lines as records without fields. */
test.each<[string, readonly (readonly string[])[]]>([
  [
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\r\n"1","2"',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,,c\n,,\n',
    [
      ['a', '', 'c'],
      ['', '', ''],
    ],
  ],
  ['"a ""quoted"" word",b', [['a "quoted" word', 'b']]],
  [
    '"line one\nline two",b\nc,d',
    [
      ['line one\nline two', 'b'],
      ['c', 'd'],
    ],
  ],
  ['a\n\n\nb\n', [['a'], ['b']]],
  ['""\n', [['']]],
  [' a , b ', [[' a ', ' b ']]],
])('reads %j', (text, expected) => {
  expect(scan(text).map(({ fields }) => fields)).toEqual(expected);
});

const iris = { width: float, count: int, wet: bool, kind: category('setosa', 'virginica') };

test('values of every kind are read as what they are', async () => {
  const row = fc.record({
    width: fc.oneof(
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(0, -0.5, 1e-30, 3e30),
    ),
    count: fc.integer(),
    wet: fc.boolean(),
    kind: fc.constantFrom('setosa', 'virginica'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 40 }),
      fc.shuffledSubarray(Object.keys(iris), { minLength: 4 }),
      async (rows, order) => {
        const lines = rows.map((row) => order.map((name) => String(row[name as keyof typeof row])).join(','));
        const path = await fileWith(
          `${order.join(',')},extra\n${lines.map((line) => `${line},x`).join('\n')}\n`,
        );
        const { columns } = await drain(csv(pathToFileURL(path), iris).batch(16));
        expect(columns.width).toEqual(rows.map(({ width }) => Math.fround(width)));
        expect(columns.count).toEqual(rows.map(({ count }) => count));
        expect(columns.wet).toEqual(rows.map(({ wet }) => Number(wet)));
        expect(columns.kind).toEqual(rows.map(({ kind }) => (kind === 'setosa' ? 0 : 1)));
        count('files');
      },
    ),
    { numRuns: runs(60) },
  );
});

test('a column of larger shape takes numbered fields', async () => {
  const path = await fileWith('v.1,v.0\n1,2\n3,4\n');
  expect((await drain(csv(path, { v: vector(2) }).batch(2))).columns.v).toEqual([2, 1, 4, 3]);
});

test('without a header, fields are taken in the schema’s order', async () => {
  const path = await fileWith('1.5;2\n2.5;3\n');
  const options = { header: false, delimiter: ';' };
  expect((await drain(csv(path, { a: float, b: int }, options).batch(2))).columns).toEqual({
    a: [1.5, 2.5],
    b: [2, 3],
  });
});

describe('what is wrong is refused with its place', () => {
  const header = 'width,count,wet,kind\n';
  test.each<[string, string, Record<string, unknown>]>([
    [
      'a word for a number',
      'wide,1,true,setosa',
      { code: 'DAT705', line: 2, column: 1, endColumn: 5, received: 'wide' },
    ],
    [
      'an empty number',
      ',1,true,setosa',
      { code: 'DAT705', line: 2, column: 1, hint: "csv(…, { missing: 'nan' }) reads empty fields as NaN" },
    ],
    ['a hexadecimal number', '0x10,1,true,setosa', { code: 'DAT705', line: 2, column: 1 }],
    ['a fraction for a whole number', '1,1.5,true,setosa', { code: 'DAT705', line: 2, column: 3 }],
    [
      'a whole number of more than 32 bits',
      '1,2147483648,true,setosa',
      { code: 'DAT705', line: 2, column: 3 },
    ],
    ['a truth value', '1,1,maybe,setosa', { code: 'DAT705', line: 2, column: 5 }],
    [
      'an unknown label',
      '1,1,true,setoza',
      { code: 'DAT706', line: 2, column: 10, hint: 'did you mean setosa?' },
    ],
    [
      'a label with spaces',
      '1,1,true, setosa',
      { code: 'DAT706', line: 2, column: 10, hint: 'there are spaces around it' },
    ],
    ['too few fields', '1,1,true', { code: 'DAT703', line: 2, received: '3 fields', expected: '4 fields' }],
    ['too many fields', '1,1,true,setosa,5', { code: 'DAT703', line: 2, column: 17 }],
    ['text after a quote', '"1"2,1,true,setosa', { code: 'DAT704', line: 2, column: 4 }],
    ['a quote inside', '1,1,tr"ue,setosa', { code: 'DAT704', line: 2, column: 7 }],
    ['a quote that never ends', '1,1,true,"setosa', { code: 'DAT704', line: 2, column: 10 }],
  ])('%s', async (_, line, { code, hint, expected, received, ...place }: Record<string, unknown>) => {
    const path = await fileWith(`${header}${line}\n`);
    const [problem, ...others] = await refused(drain(csv(path, iris).batch(1)));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code, span: { file: path, ...place } });
    for (const [name, text] of Object.entries({ hint, expected, received })) {
      if (text !== undefined) expect(problem).toHaveProperty(name, text);
    }
  });

  test('lines inside quotes count', async () => {
    const path = await fileWith('note,x\n"one\ntwo",1\n"a\r\nb",y\n');
    expect(await refused(drain(csv(path, { x: float }).batch(1)))).toMatchObject([
      { code: 'DAT705', span: { line: 5, column: 4 } },
    ]);
  });

  test('a missing column, with what was meant', async () => {
    const path = await fileWith('widh,count\n1,2\n');
    expect(await refused(drain(csv(path, { width: float, total: int }).batch(1)))).toMatchObject([
      { code: 'DAT702', hint: 'did you mean widh?', span: { line: 1, column: 1, endColumn: 11 } },
      { code: 'DAT702', expected: 'total' },
    ]);
  });

  test('several bad lines at once, but not all of a file', async () => {
    const path = await fileWith(`x\n${'bad\n'.repeat(3)}1\n`);
    const problems = await refused(drain(csv(path, { x: float }).batch(1)));
    expect(problems.map(({ span }) => span.line)).toEqual([2, 3, 4]);
    const hopeless = await fileWith(`x\n${'bad\n'.repeat(300)}`);
    expect(await refused(drain(csv(hopeless, { x: float }).batch(1)))).toHaveLength(10);
  });

  test('a file that does not exist', async () => {
    const path = join(directory, 'nowhere.csv');
    expect(await refused(drain(csv(path, iris).batch(1)))).toMatchObject([
      { code: 'DAT701', span: { file: path } },
    ]);
  });
});

test('missing numbers are NaN where that was asked for', async () => {
  const path = await fileWith('x,y\n,1\n2,nan\n');
  const { columns } = await drain(csv(path, { x: float, y: float }, { missing: 'nan' }).batch(2));
  expect(columns).toEqual({ x: [Number.NaN, 2], y: [1, Number.NaN] });
});
