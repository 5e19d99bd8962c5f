/** What messages show of values and of thrown things: short, whatever they are, and never a failure of its own. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kindOfError, saying } from '../../compiler/diagnostics/because.ts';
import { nearest } from '../../compiler/diagnostics/nearest.ts';
import { quoted, shortened } from '../../compiler/diagnostics/shortened.ts';
import { valueText } from '../../runtime/data/value-text.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { cyclic, nested, oddValue, oddValues, untouchable } from './odd-values.ts';

const count = tally('texts of odd values', { values: 1000 });

describe('every odd value has a short text', () => {
  test.each(oddValues)('%s', (_, make) => {
    const value = make();
    expect(valueText(value).length).toBeLessThanOrEqual(200);
    expect(saying(value).length).toBeLessThanOrEqual(2000);
    expect(kindOfError(value).length).toBeLessThanOrEqual(200);
  });

  test('as does any other', () => {
    fc.assert(
      fc.property(oddValue, (make) => {
        const value = make();
        for (const text of [valueText(value), saying(value), kindOfError(value)]) {
          expect(typeof text).toBe('string');
          expect(text.length).toBeLessThanOrEqual(2000);
        }
        expect(valueText(value).length).toBeLessThanOrEqual(200);
        count('values');
      }),
      { numRuns: runs(2000) },
    );
  });
});

describe('the text says what can be said', () => {
  test.each<[string, () => unknown]>([
    ['"abc"', () => 'abc'],
    ['"a\\n\\u0000"', () => 'a\n\0'],
    [`"${'x'.repeat(57)}…"`, () => 'x'.repeat(100)],
    ['an array of 0', () => []],
    ['an array of 1, nested as [1, 2]', () => [[1, 2]]],
    ['an array of 1, nested as [1, 1, 1, 1, 1, 1, …]', cyclic],
    ['an array of 1, nested as [1, 1, 1, 1, 1, 1, …]', () => nested(100_000)],
    ['Float64Array of 3', () => new Float64Array(3)],
    ['an object with a, b', () => ({ a: 1, b: 2 })],
    ['an object with no properties', () => ({})],
    ['a bigint of more than 128 bits', () => 10n ** 100n],
    ['12n', () => 12n],
    ['0', () => -0],
    ['Symbol(s)', () => Symbol('s')],
    ['a value that cannot be looked at', untouchable],
  ])('%s', (text, make) => {
    expect(valueText(make())).toBe(text);
  });

  test('of errors', () => {
    expect(saying(new Error('why'))).toBe('why');
    expect(saying(new RangeError(''))).toBe('RangeError');
    expect(saying('text')).toBe('text');
    expect(saying(undefined)).toBe('undefined');
    expect(saying(Symbol('s'))).toBe('Symbol(s)');
    expect(saying(Object.create(null))).toBe('a value that has no text');
    expect(saying(new Error('e'.repeat(5000)))).toMatch(/^e{1999}…$/);
    expect([kindOfError(new TypeError('x')), kindOfError(1)]).toEqual(['TypeError', 'number']);
  });
});

test('a text is cut to the length that was asked for, and not when it fits', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.integer({ min: 3, max: 250 }),
      (text, most) => {
        const short = shortened(text, most);
        expect(short.length).toBeLessThanOrEqual(most);
        if (text.length <= most) expect(short).toBe(text);
        else expect(text.startsWith(short.slice(0, -1))).toBe(true);
        expect(quoted(text, most).length).toBeLessThanOrEqual(most);
        if (JSON.stringify(text).length <= most) expect(quoted(text, most)).toBe(JSON.stringify(text));
      },
    ),
  );
});

/** Insertions, deletions, replacements and swaps of neighbours, by the definition. */
function slowDistance(a: string, b: string): number {
  const known = new Map<string, number>();
  const far = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = `${i},${j}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    let least = Math.min(
      far(i - 1, j) + 1,
      far(i, j - 1) + 1,
      far(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
    );
    if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
      least = Math.min(least, far(i - 2, j - 2) + 1);
    known.set(key, least);
    return least;
  };
  return far(a.length, b.length);
}

test('the nearest name is the first of the nearest ones, found without comparing what cannot be near', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 6 }), (name, known) => {
      const far = known.map((each) => slowDistance(name, each));
      const least = Math.min(...far);
      const near = least <= Math.max(1, Math.floor(name.length / 3));
      expect(nearest(name, known)).toBe(near ? known[far.indexOf(least)] : undefined);
    }),
    { numRuns: runs(1000) },
  );
  expect(nearest('lr', ['momentum', 'learningRate'])).toBe('learningRate');
  expect(nearest('x'.repeat(1e7), ['x'.repeat(1e7)])).toBeUndefined();
  expect(nearest('abc', ['a'.repeat(1e7), 'abd'])).toBe('abd');
});
