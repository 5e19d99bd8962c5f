/** CSV that is hostile: any text in any pieces is read or refused with typed errors, within bounds of memory. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeFrame } from '../../compiler/diagnostics/code-frame.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { plain } from '../../compiler/diagnostics/paint.ts';
import { allowNotFinite, bool, category, float, int, vector } from '../../dsl/column.ts';
import { csv } from '../../dsl/dataset.ts';
import { CsvDecoder } from '../../runtime/data/csv/csv-decoder.ts';
import type { CsvLimits } from '../../runtime/data/csv/csv-scanner.ts';
import { CsvScanner } from '../../runtime/data/csv/csv-scanner.ts';
import { LongText } from '../../runtime/data/long-text.ts';
import { room, widthOf } from '../../runtime/data/table/table.ts';
import type { Numbers } from '../../runtime/engines/engine.ts';
import { drain } from '../support/drain.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('hostile csv', { documents: 1500, refused: 300, read: 100, rows: 300 });

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-hostile-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function fileWith(text: string | Uint8Array): Promise<string> {
  const path = join(directory, 'data.csv');
  await writeFile(path, text);
  return path;
}

const schema = {
  f: float,
  a: allowNotFinite(float),
  i: int,
  b: bool,
  c: category('red', 'green'),
  v: vector(2),
};
const names = ['f', 'a', 'i', 'b', 'c', 'v.0', 'v.1'];

interface Outcome {
  readonly rows: number;
  readonly values: readonly (readonly number[])[];
  readonly problems: readonly Diagnostic[];
}

/** What a text is read as when it comes in these pieces; whatever is thrown but a diagnostic fails the test. */
function read(pieces: readonly string[], header: boolean): Outcome {
  const columns = new Map<string, Numbers>(
    Object.entries(schema).map(([name, column]) => [name, room(column, 1000 * widthOf(column))]),
  );
  let rows = 0;
  const decoder = new CsvDecoder('f.csv', schema, { header });
  const scanner = new CsvScanner('f.csv', ',', (record) => {
    if (decoder.row(record, columns, rows)) rows++;
  });
  let problems: readonly Diagnostic[] = [];
  try {
    for (const piece of pieces) scanner.write(piece);
    scanner.end();
    decoder.finish();
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    expect(error.message.length).toBeLessThanOrEqual(10 * 1500);
    problems = error.diagnostics;
  }
  const values = Object.entries(schema).map(([name, column]) => [
    ...columns.get(name)!.subarray(0, rows * widthOf(column)),
  ]);
  return { rows, values, problems };
}

const odd = fc.constantFrom(
  '"',
  '""',
  ',',
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\ufeff',
  '\ud800',
  '🙂',
  ' ',
  '\u2028',
  'é',
);
const good = fc.constantFrom(
  '1',
  '-2.5',
  'true',
  'red',
  'green',
  '0',
  '1e999',
  'nan',
  '1e',
  '.',
  '"1"',
  '"red"',
  '',
);
const line = fc
  .tuple(
    fc.constantFrom('1', '2.5', '"3"', '.5', '-1e3', '1', '1e39'),
    fc.constantFrom('1', 'nan', 'inf', ' 7 '),
    fc.constantFrom('1', '-3', '2147483647', '0', '7', '2147483648'),
    fc.constantFrom('true', '0', 'TRUE', 'false', '1', 'yes'),
    fc.constantFrom('red', 'green', '"red"', 'red', 'green', 'rad'),
    fc.constantFrom('1', '2'),
    fc.constantFrom('3', '4'),
  )
  .map((fields) => fields.join(','));
const shuffled = fc.shuffledSubarray(names, { minLength: 6 }).map((header) => header.join(','));
const text = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: fc.constant(names.join(',')) }, { weight: 1, arbitrary: shuffled }, odd),
    fc.array(
      fc.oneof({ weight: 6, arbitrary: line }, { weight: 1, arbitrary: good }, { weight: 1, arbitrary: odd }),
      {
        maxLength: 6,
      },
    ),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.array(fc.tuple(fc.nat(), fc.oneof(odd, good)), { maxLength: 1 }),
  )
  .map(([header, lines, end, damages]) =>
    damages.reduce(
      (before, [place, what]) => {
        const at = place % (before.length + 1);
        return before.slice(0, at) + what + before.slice(at);
      },
      [header, ...lines, ''].join(end),
    ),
  );

test('any text is read the same in any pieces, or refused with diagnostics', () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), (text, cuts, header) => {
      const whole = read([text], header);
      const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
      const pieces = [0, ...places].map((from, at) => text.slice(from, places[at]));
      expect(read(pieces, header)).toEqual(whole);
      expect(read([...text].length === text.length ? [...text] : pieces, header)).toEqual(whole);
      count('documents');
      count('rows', whole.rows);
      count(whole.problems.length > 0 ? 'refused' : 'read');
      for (const { code, span } of whole.problems) {
        expect(code).toMatch(/^DAT7\d\d$/);
        expect(span.line).toBeGreaterThan(0);
        expect(span.column).toBeGreaterThan(0);
      }
      // What is taken without leave to be anything is finite.
      for (const values of [whole.values[0]!, whole.values[5]!])
        expect(values.every(Number.isFinite)).toBe(true);
    }),
    { numRuns: runs(2000) },
  );
}, 600_000);

test('any bytes as a file are read or refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom('', 'x\n', 'x,y\n'),
      async (bytes, header) => {
        const path = await fileWith(Buffer.concat([Buffer.from(header), bytes]));
        try {
          await drain(csv(path, { x: float }).batch(4));
        } catch (error) {
          if (!(error instanceof DiagnosticError)) throw error;
          expect(error.message.length).toBeLessThanOrEqual(10 * 1500);
        }
        count('documents');
      },
    ),
    { numRuns: runs(60) },
  );
});

describe('a text has limits', () => {
  function scanned(pieces: Iterable<string>, limits?: CsvLimits): number[] {
    const counts: number[] = [];
    const scanner = new CsvScanner(
      'f.csv',
      ',',
      ({ count, fields }) => counts.push(count, fields.length),
      limits,
    );
    for (const piece of pieces) scanner.write(piece);
    scanner.end();
    return counts;
  }
  function* times(piece: string, count: number): Generator<string> {
    for (let i = 0; i < count; i++) yield piece;
  }

  test('of a field, which begins where the refusal points', async () => {
    const endless = (): number[] => scanned(['x\n1\n2,"', ...times('y'.repeat(1e6), 20)]);
    expect(await refused(endless)).toMatchObject([
      {
        code: 'DAT701',
        message: 'the field that begins here has more than 16,777,216 characters',
        span: { line: 3, column: 3 },
        received: 'no end up to byte 17000007',
        hint: 'is the quote at its beginning closed?',
      },
    ]);
    const most = { field: 10 };
    expect(scanned(['0123456789,"0123456""89"\n'], most)).toEqual([2, 2]);
    expect(await refused(() => scanned(['0123456789,"01234567""89"\n'], most))).toHaveLength(1);
    expect(await refused(() => scanned(['ééééé,éééééé,01234567890'], most))).toMatchObject([
      { received: 'no end up to byte 35' },
    ]);
    expect(await refused(() => scanned(['é\n', '01234567890'], most))).toMatchObject([
      { received: 'no end up to byte 14', span: { line: 2 } },
    ]);
  });

  test('of a record', async () => {
    const most = { record: 10 };
    expect(scanned(['01234,56789\n01234,56789\n'], most)).toEqual([2, 2, 2, 2]);
    expect(await refused(() => scanned(['a\n01234,56789,0\n'], most))).toMatchObject([
      { code: 'DAT701', span: { line: 2, column: 1 }, expected: 'at most 10 characters' },
    ]);
  });

  test('of fields: those beyond it are counted, and not kept', () => {
    expect(scanned(times(','.repeat(1e6), 5))).toEqual([5_000_001, 1 << 20]);
    expect(scanned(['a,b\n', ','.repeat(1e6), '\n1,2\n'])).toEqual([2, 2, 1_000_001, 4096, 2, 2]);
    expect(scanned([`${','.repeat(5000)}\n`, ','.repeat(9000), '\n'])).toEqual([5001, 5001, 9001, 5002]);
  });

  test('and what is too long is told by its number of fields', async () => {
    const path = await fileWith(`x,y\n1,2\n${','.repeat(100_000)}\n`);
    expect(await refused(drain(csv(path, { x: float }).batch(1)))).toMatchObject([
      { code: 'DAT703', received: '100001 fields', expected: '2 fields', span: { line: 3, column: 3 } },
    ]);
    const wide = await fileWith(`${','.repeat(2 << 20)}\n`);
    expect(await refused(drain(csv(wide, { x: float }).batch(1)))).toMatchObject([
      { code: 'DAT703', message: 'the header has 2097153 fields' },
    ]);
  });

  test('of a message: a field of 16 MB is shown by its beginning', async () => {
    for (const column of [float, int, bool, category('red')]) {
      const path = await fileWith(`x\n${'y'.repeat(16e6)}\n`);
      try {
        await drain(csv(path, { x: column }).batch(1));
        expect.unreachable();
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error;
        expect(error.message.length).toBeLessThan(1000);
        // What is printed shows a part of the line.
        expect(error.stack?.length).toBeLessThan(3000);
      }
    }
  });
});

test('a text of many small pieces is put together', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 5000, size: 'max' }), (pieces) => {
      const text = new LongText();
      for (let round = 0; round < 2; round++) {
        for (const piece of pieces) text.add(piece);
        expect(text.length).toBe(pieces.join('').length);
        expect(text.take()).toBe(pieces.join(''));
        expect([text.length, text.take()]).toEqual([0, '']);
      }
    }),
    { numRuns: runs(50) },
  );
});

describe('a header', () => {
  const problemsOf = async (text: string | Uint8Array) =>
    refused(drain(csv(await fileWith(text), { x: float }).batch(1)));

  test('with the name of a column twice is refused at the second one', async () => {
    expect(await problemsOf('x,y,x\n1,2,3\n')).toMatchObject([
      {
        code: 'DAT702',
        message: 'the header has the name "x" twice',
        span: { line: 1, column: 5 },
        labels: [{ span: { line: 1, column: 1 } }],
      },
    ]);
  });

  test('with another name twice is not', async () => {
    const path = await fileWith(',x,\n1,2,3\n');
    expect((await drain(csv(path, { x: float }).batch(1))).columns).toEqual({ x: [2] });
  });

  test('that is no UTF-8 is said to be that', async () => {
    expect((await problemsOf(Buffer.from('x,y\n1,2\n', 'utf16le')))[0]).toMatchObject({
      code: 'DAT702',
      hint: expect.stringMatching(/UTF-16/),
    });
    expect((await problemsOf(Buffer.from('größe\n1\n', 'latin1')))[0]?.hint).toMatch(/no UTF-8/);
  });
});

test('a long line is shown around its marks', () => {
  const line = `${'a'.repeat(5000)}bad${'c'.repeat(5000)}`;
  const span = { file: 'f', line: 1, column: 5001, endLine: 1, endColumn: 5004 };
  const mark = { span, text: 'here', isPrimary: true };
  const [code = '', marks = ''] = codeFrame([line], [mark], 2, plain);
  expect(code.length).toBeLessThan(420);
  expect(code.indexOf('bad')).toBe(marks.indexOf('^^^ here'));
  const whole = codeFrame([line], [{ ...mark, span: { ...span, column: 1, endColumn: 10_004 } }], 2, plain);
  expect(whole.map((row) => row.length).every((length) => length < 420)).toBe(true);
});
