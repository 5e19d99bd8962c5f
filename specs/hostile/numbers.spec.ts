/** Numbers in text: exactly what the grammar says is a number, in a time that does not depend on what it is. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowNotFinite, float, int } from '../../dsl/column.ts';
import { fieldReader } from '../../runtime/data/csv/csv-field.ts';
import { realNumber } from '../../runtime/data/real-number.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const count = tally('numbers in text', { numbers: 500, others: 500 });

/** The grammar as a regular expression, which is slow on texts of some forms: these are short. */
const decimal = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;
const named = /^\s*(nan|[-+]?inf(inity)?)\s*$/i;

function slowly(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  if (!named.test(text)) return undefined;
  if (/nan/i.test(text)) return Number.NaN;
  return text.includes('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

test('a text is the number that the grammar says, or none', () => {
  const letters = fc.constantFrom(
    '0',
    '1',
    '9',
    '.',
    '-',
    '+',
    'e',
    'E',
    ' ',
    '\t',
    '\u00a0',
    '\ufeff',
    'x',
    '_',
  );
  const words = fc.constantFrom(
    'nan',
    'NaN',
    'inf',
    '+Infinity',
    '-INF',
    '-nan',
    'infinit',
    '0x10',
    '1n',
    '',
  );
  const text = fc.oneof(
    fc.string({ unit: letters, maxLength: 8 }),
    fc.double().map(String),
    fc.tuple(fc.constantFrom('', ' '), words, fc.constantFrom('', '\n')).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  fc.assert(
    fc.property(text, (text) => {
      const expected = slowly(text);
      expect(realNumber(text)).toBe(expected);
      count(expected === undefined ? 'others' : 'numbers');
    }),
    { numRuns: runs(5000) },
  );
});

/** All of them took minutes where digits were gone over again for each digit: that this ends is the test. */
describe('a long text is read in one pass', () => {
  const long = 1 << 22;
  const ones = '1'.repeat(long);
  test.each<[string, string, number | undefined]>([
    ['digits and a letter', `${ones}x`, undefined],
    ['digits', ones, Number.POSITIVE_INFINITY],
    ['digits behind a point', `.${ones}`, Number(`.${'1'.repeat(40)}`)],
    ['digits around a point, and another', `${ones}.${ones}.`, undefined],
    ['digits in the exponent', `1e${ones}x`, undefined],
    ['a small exponent', `1e-${ones}`, 0],
    ['blanks', ' '.repeat(long), undefined],
    ['blanks around a number', `${' '.repeat(long)}7${' '.repeat(long)}`, 7],
    ['blanks, and a letter behind', `7${' '.repeat(long)}x`, undefined],
    ['signs', '-'.repeat(long), undefined],
  ])('%s', (_, text, value) => {
    expect(realNumber(text)).toBe(value);
  });
});

describe('which numbers a column takes', () => {
  const texts = ['1', '1e39', '1e999', '-1e999', 'nan', 'Infinity', '', '3.4028235e38', '1e-60'];
  const taken = (read: (text: string) => number | undefined) =>
    texts.filter((text) => read(text) !== undefined);
  test.each([
    ['float', fieldReader('x', float, {}), ['1', '3.4028235e38', '1e-60']],
    [
      'float, missing is NaN',
      fieldReader('x', float, { missing: 'nan' }),
      ['1', 'nan', '', '3.4028235e38', '1e-60'],
    ],
    [
      'allowNotFinite(float)',
      fieldReader('x', allowNotFinite(float), {}),
      texts.filter((text) => text !== ''),
    ],
    [
      'allowNotFinite(float), missing is NaN',
      fieldReader('x', allowNotFinite(float), { missing: 'nan' }),
      texts,
    ],
    ['int', fieldReader('x', int, {}), ['1']],
  ])('%s', (_, reader, expected) => {
    expect(taken(reader.read)).toEqual(expected);
  });

  test('what is refused is said to be not finite, or no number, in a short message', () => {
    const { problem } = fieldReader('x', float, {});
    const span = { file: 'f.csv', line: 1, column: 1, endLine: 1, endColumn: 2 };
    expect(problem('1e999', span)).toMatchObject({
      code: 'DAT705',
      message: 'column x: the value is not finite as a 32-bit float',
      received: '1e999',
    });
    expect(problem('abc', span).message).toBe('column x: "abc" is not a number');
    expect(problem('1\0', span).hint).toMatch(/NUL/);
    expect(problem('1\ufffd', span).hint).toMatch(/UTF-8/);
    for (const text of ['y'.repeat(1 << 24), '\0'.repeat(1 << 24), '1'.repeat(1 << 24)]) {
      const { message, received = '' } = problem(text, span);
      expect(message.length).toBeLessThanOrEqual(260);
      expect(received.length).toBeLessThanOrEqual(200);
    }
  });
});
