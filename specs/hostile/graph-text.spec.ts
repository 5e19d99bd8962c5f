/** Text forms of graphs from who knows where: read, or refused with TXT801 and others that have a code, in one pass. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandGraph } from '../../compiler/2-check/expand.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { parse } from '../../compiler/ir/parse.ts';
import { print } from '../../compiler/ir/print.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';
import { adorned } from '../differential/adorned.ts';
import { grow } from '../differential/grow.ts';
import { recipes } from '../differential/recipe.ts';
import { runs, seed } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const count = tally('hostile graph texts', { texts: 1500, refused: 500, read: 50, 'program texts': 10 });

const texts = fc.sample(recipes(6), { seed, numRuns: 60 }).flatMap((recipe) => {
  const { graph } = grow(recipe);
  return [print(graph, { spans: false }), print(adorned(expandGraph(graph)))];
});
count('program texts', texts.length);

/** The code that a text is refused with, or nothing. */
function refusal(text: string): string | undefined {
  try {
    print(parse(text, vocabulary, 'here.ir'));
    return undefined;
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    for (const { message, received = '' } of error.diagnostics) {
      expect(message).not.toMatch(/^internal/);
      expect(message.length).toBeLessThanOrEqual(400);
      expect(received.length).toBeLessThanOrEqual(400);
    }
    return error.diagnostics[0]!.code;
  }
}

const letters = fc.constantFrom(
  ...[
    '\r',
    '\u2028',
    '\u2029',
    '\u00a0',
    '\0',
    '\t',
    '"',
    '\\',
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    '=',
    '@',
    '<',
    '%',
    '*',
    '#',
  ],
  ...['\ud800', '🙂', '-', '.', '0', '9'],
);
const words = fc.constantFrom(
  ...[
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    '__proto__=1',
    'constructor=[]',
    'toString=null',
  ],
  ...[
    'shape={"a":1}',
    'shape=[[[[]]]]',
    'value="\\u0000"',
    'value="\\u0000NaN"',
    'axis=1e99',
    'axes=[0.5]',
    'dtype=7',
  ],
  ...[
    'f32[99999999999999999999]',
    'f32[9007199254740991]',
    'f32[B*B*B]',
    'f32[0]',
    'constructor[1]',
    'f32[1,]',
  ],
  ...[
    '-Infinity',
    '1e999',
    '-0',
    '0x10',
    '1_0',
    '@a:1:1-1',
    '@:1:1-1',
    '@a:1:1-99999999999999999999<',
    '=',
    ':',
  ],
);
const damage = fc.record({
  at: fc.nat(),
  what: fc.oneof(
    letters,
    words.map((word) => ` ${word} `),
    fc.string({ unit: 'binary', maxLength: 3 }),
  ),
  cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 12 })),
});

test('no damaged text breaks the reader', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.array(damage, { minLength: 1, maxLength: 3 }),
      (text, damages) => {
        const changed = damages.reduce((before, { at, what, cut }) => {
          const place = at % (before.length + 1);
          return before.slice(0, place) + what + before.slice(place + cut);
        }, text);
        const code = refusal(changed);
        count('texts');
        count(code === undefined ? 'read' : 'refused');
        if (code !== undefined) expect(code).toMatch(/^[A-Z]{3}\d{3}$/);
      },
    ),
    { numRuns: runs(2000) },
  );
});

const head = 'program p.predict';

describe('a blank that is no space is refused, but at the ends of a line', () => {
  test.each(['\r', '\u2028', '\u2029', '\u00a0', '\v', '\f', '\ufeff'])('%j', (blank) => {
    for (const line of [
      `x${blank}y`,
      `x : f32[]${blank}= neg x`,
      `input x : f32[]${blank}`,
      `return${blank}y = x`,
    ]) {
      const isWithin = !line.endsWith(blank);
      expect(refusal(`${head}\n ${line}`)).toBe(isWithin ? 'TXT801' : undefined);
    }
    expect(refusal(`${head}\n  input a${blank}b : f32[]`)).toBe('TXT801');
    expect(refusal(`program${blank}p.predict`)).toBe('TXT801');
  });

  test('lines may end as on Windows', () => {
    expect(
      refusal(`${head}\r\n  input x : f32[B]\r\n  y : f32[B] = neg x\r\n  return y = y\r\n`),
    ).toBeUndefined();
  });
});

/** Each of these took a time by the square of its length, or more. */
describe('a long line is read in one pass', () => {
  const long = 1 << 21;
  const many = (word: string): string => word.repeat(long / word.length);
  test.each<[string, string, string | undefined]>([
    ['blanks', `x${many(' ')}y`, 'TXT801'],
    ['blanks before a place', `input x : f32[]${many(' ')}@a:1:1-2`, undefined],
    ['blanks before what is no place', `input x : f32[]${many(' ')}a:1:1-2`, 'TXT801'],
    ['blanks and initial', `param x : f32[]${many(' ')}= initial`, 'TXT801'],
    ['brackets', `x : ${many('] ')}`, 'TXT801'],
    ['equals', `x : f32[] ${many('= ')}`, 'TXT801'],
    ['fused equals', `fuse K x ${many('= ')}`, 'TXT801'],
    ['names', `fuse K ${many('x ')}= x`, 'TXT801'],
    ['escaped quotes', `x : f32[] = constant value="${many('\\"')}`, 'TXT801'],
    ['quotes', `x : f32[] = constant value=${many('"')}`, 'TXT801'],
    ['attributes', `x : f32[] = constant ${many('value=1 ')}`, undefined],
    ['operands', `x : f32[] = constant value=1 ${many('y ')}`, 'TXT801'],
    ['a nested list', `x : f32[] = constant value=${many('[')}`, 'TXT801'],
    ['a closed nested list', `x : f32[] = constant value=${'['.repeat(1e5)}${']'.repeat(1e5)}`, 'TXT801'],
    ['a place', `input x : f32[] @${many('a:1:')}`, 'TXT801'],
    ['digits in a place', `input x : f32[] @a:${many('1')}:${many('1')}`, 'TXT801'],
    ['calls', `input x : f32[] @${many('a:1:1-2<')}`, 'TXT801'],
    ['a size', `input x : f32[${many('9')}]`, 'TXT801'],
    ['symbols', `input x : f32[${many('B*')}b]`, 'TXT801'],
    ['a name', `input ${many('x')} : f32[]`, undefined],
    ['a broken name', `input ${many('%')} : f32[]`, 'TXT801'],
  ])('%s', (_, line, code) => {
    expect(refusal(`${head}\n  ${line}`)).toBe(code);
  });

  test('the first line too', () => {
    for (const line of [
      `program ${many('a.')}!`,
      `program a.b${many(' ')}x`,
      `program a.${many('b')}!`,
      many('program '),
    ]) {
      expect(refusal(line)).toBe('TXT801');
    }
  });
});

test('lists are nested as deep as an attribute may ask for, and no deeper', () => {
  const listed = (depth: number): string =>
    `${head}\n  x : f32[] = constant value=${'['.repeat(depth)}${']'.repeat(depth)}`;
  expect(() => parse(listed(31), vocabulary)).toThrow(/constant cannot have/);
  expect(() => parse(listed(33), vocabulary)).toThrow(/is no attribute value/);
});

test('what stands in a string stays as it is', () => {
  const said = (text: string) => () => parse(`${head}\n  x : f32[] = constant value=${text}`, vocabulary);
  for (const text of ['"NaN"', '"\\"NaN"', '"\\\\-0"', '"[-Infinity,\\"-0"'])
    expect(said(text)).toThrow(`constant cannot have ${text} for value`);
  expect(said('"\\\\"NaN"')).toThrow(/is no attribute value/);
});

test('the words of objects are no ops, types or options', () => {
  for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    expect(refusal(`${head}\n  x : f32[] = ${word}`)).toBe('TXT801');
    expect(refusal(`${head}\n  input x : ${word}[]`)).toBe('TXT801');
    expect(refusal(`${head}\n  input x : f32[]\n  y : f32[] = neg x ${word}=1`)).toBe('TXT801');
  }
});
