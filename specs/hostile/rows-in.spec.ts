/** Rows as text, JSON lines or CSV: any text in any pieces gives the same rows or typed errors, line by line in one pass. */
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RowLimits } from '../../cli/rows-in.ts';
import { readRows } from '../../cli/rows-in.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { bool, category, float, vector } from '../../dsl/column.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const schema = { f: float, b: bool, c: category('red', 'green'), v: vector(2) };
const count = tally('rows in text', { texts: 800, read: 200, refused: 200 });

interface Outcome {
  readonly rows: readonly unknown[];
  readonly problems: readonly Diagnostic[];
}

async function read(pieces: Iterable<string | Uint8Array>, limits?: RowLimits): Promise<Outcome> {
  const rows: unknown[] = [];
  try {
    const text = Readable.from(pieces, { objectMode: false });
    for await (const some of readRows(text, 'in', schema, limits)) rows.push(...some);
    return { rows, problems: [] };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return { rows, problems: error.diagnostics };
  }
}

function* times(piece: string, count: number, before = '', after = ''): Generator<string> {
  yield before;
  for (let i = 0; i < count; i++) yield piece;
  yield after;
}

const value = fc.constantFrom(
  '1',
  '-2.5e3',
  '1e999',
  '"red"',
  '"\\u0000"',
  'null',
  'true',
  '[1,2]',
  '[[[]]]',
  '{}',
  '"',
  'x',
);
const key = fc.constantFrom('"f"', '"b"', '"c"', '"v"', '"__proto__"', '"constructor"', 'f');
const pair = fc.tuple(key, value).map((both) => both.join(':'));
const object = fc.array(pair, { maxLength: 3 }).map((pairs) => `{${pairs.join(',')}}`);
const odd = fc.constantFrom(
  '',
  ' ',
  '\ufeff',
  '[1]',
  'null',
  '7',
  '{',
  '}',
  '\0',
  '\u2028',
  'f,b',
  '{"f":1}x',
  '🙂',
);
const lines = fc.array(fc.oneof({ weight: 5, arbitrary: object }, { weight: 1, arbitrary: odd }), {
  maxLength: 6,
});

test('any text gives the same rows in any pieces, or typed errors', async () => {
  await fc.assert(
    fc.asyncProperty(
      lines,
      fc.constantFrom('\n', '\r\n'),
      fc.array(fc.nat(), { maxLength: 8 }),
      fc.constantFrom('', '\n', ' \n \n'),
      async (lines, end, cuts, blank) => {
        const bytes = Buffer.from(blank + lines.join(end));
        const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
        const whole = await read([bytes]);
        const pieces = await read([0, ...places].map((from, at) => bytes.subarray(from, places[at])));
        expect(pieces.problems).toEqual(whole.problems);
        // Rows come by pieces, so those before a bad one in the same piece are not given.
        if (whole.problems.length === 0) expect(pieces.rows).toEqual(whole.rows);
        else expect(pieces.rows.slice(0, whole.rows.length)).toEqual(whole.rows);
        count('texts');
        count(whole.problems.length > 0 ? 'refused' : 'read');
        for (const { code, message, received = '' } of whole.problems) {
          expect(code).toMatch(/^DAT7\d\d$/);
          expect(message.length + received.length).toBeLessThan(600);
        }
      },
    ),
    { numRuns: runs(1000) },
  );
});

/** Each of these took a time by the square of its length. */
describe('a long line is read in one pass', () => {
  const mega = 'x'.repeat(1 << 16);
  test('of 32 MB, in pieces of 64 kB', async () => {
    const { rows } = await read(times(mega, 512, '{"f":1,"c":"', '"}\n'));
    expect(rows).toMatchObject([{ row: { f: 1 }, span: { line: 1, column: 1 } }]);
  });

  test('behind 32 MB of blanks', async () => {
    const { rows } = await read(times(' '.repeat(1 << 16), 512, '', '{"f":2}\n'));
    expect(rows).toMatchObject([{ row: { f: 2 } }]);
  });

  test('behind a million empty lines', async () => {
    const { rows } = await read(times('\n'.repeat(1000), 1000, '', '{"f":2}\n'));
    expect(rows).toMatchObject([{ row: { f: 2 }, span: { line: 1_000_001 } }]);
  });

  test('nested 100,000 deep', async () => {
    const { rows, problems } = await read([
      `{"v":${'['.repeat(1e5)}${']'.repeat(1e5)}}\n`,
      `{"v":${'['.repeat(1e5)}`,
    ]);
    expect(rows).toHaveLength(1);
    expect(problems).toMatchObject([{ code: 'DAT716', span: { line: 2 } }]);
  });
});

describe('a line has a limit', () => {
  test.each([
    ['of JSON', '{"f":"', 'yyyy', 2],
    ['of blanks', '', '    ', 1],
  ])('%s', async (_, before, piece, line) => {
    const first = before === '' ? '' : '{"f":1}\n';
    const { rows, problems } = await read(times(piece, 1000, first + before), { line: 100 });
    expect(rows).toHaveLength(line - 1);
    expect(problems).toMatchObject(
      [{ code: 'DAT716', span: { line }, message: /longer than 100 characters/ }].map(
        ({ message, ...rest }) => ({ ...rest, message: expect.stringMatching(message) }),
      ),
    );
  });

  test('that is 64 Mi characters unless told otherwise', async () => {
    const { problems } = await read(times('y'.repeat(1 << 20), 65, '{"f":"'));
    expect(problems).toMatchObject([{ message: 'the line is longer than 67,108,864 characters' }]);
  });

  test('and just as long a line is read', async () => {
    const text = `{"c":"${'y'.repeat(92)}"}`;
    expect(text).toHaveLength(100);
    expect((await read([`${text}\n${text}`], { line: 100 })).rows).toHaveLength(2);
    expect((await read([`${text} \n`], { line: 100 })).problems).toHaveLength(1);
  });
});

describe('CSV', () => {
  test('with a column of the model twice is refused', async () => {
    expect((await read(['f,f\n1,2\n'])).problems).toMatchObject([{ code: 'DAT702', span: { column: 3 } }]);
    expect((await read(['f,z,z\n1,2,3\n'])).rows).toMatchObject([{ row: { f: 1 } }]);
  });

  test('with a number that is not finite is refused', async () => {
    expect((await read(['f\n1\n1e39\n'])).problems).toMatchObject([{ code: 'DAT705', span: { line: 3 } }]);
  });

  test('with too many fields is refused by their number', async () => {
    const wide = read([`f\n${','.repeat(1e6)}\n`]);
    expect((await wide).problems).toMatchObject([{ code: 'DAT703', received: '1000001 fields' }]);
  });
});

test('what cannot be read is refused, whatever the stream throws', async () => {
  const broken = new Readable({
    read() {
      this.destroy(Object.assign(new Error('gone'), { syscall: 'read' }));
    },
  });
  expect(
    await refused(async () => {
      for await (const _ of readRows(broken, 'in', schema));
    }),
  ).toMatchObject([{ code: 'DAT701', received: 'gone' }]);
});
