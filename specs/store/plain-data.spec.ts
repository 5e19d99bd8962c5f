/** Plain data: what is written reads back the same, what is not plain is refused with its place, and hostile texts are Damaged. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Damaged } from '../../runtime/store/damaged.ts';
import { decodePlain, encodePlain, NotPlain } from '../../runtime/store/plain/plain-data.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const count = tally('plain data', { values: 500, 'changed texts': 5_000, 'refused texts': 2500 });

const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 53, 5e-324),
);
const key = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  fc.constantFrom('$', '__proto__', 'constructor', 'toString', '', '0', 'length'),
);
const leaf = fc.oneof(
  number,
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.boolean(),
  fc.constantFrom(null, undefined),
  fc.bigInt(),
  fc.date({ noInvalidDate: false }),
  fc.float32Array({ maxLength: 5 }),
  fc.float64Array({ maxLength: 5 }),
  fc.uint8Array({ maxLength: 9 }),
  fc.int16Array({ maxLength: 5 }),
  fc.uint32Array({ maxLength: 5 }),
  fc.bigInt64Array({ maxLength: 3 }),
);

function record(entries: readonly (readonly [string, unknown])[], isBare: boolean): object {
  const value: object = isBare ? Object.create(null) : {};
  for (const [name, each] of entries)
    Object.defineProperty(value, name, { value: each, enumerable: true, configurable: true, writable: true });
  return value;
}

const { plain } = fc.letrec<{ plain: unknown }>((tie) => ({
  plain: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    leaf,
    fc.array(tie('plain'), { maxLength: 5 }),
    fc
      .tuple(fc.array(fc.tuple(key, tie('plain')), { maxLength: 5 }), fc.boolean())
      .map(([entries, isBare]) => record(entries, isBare)),
    fc.array(fc.tuple(tie('plain'), tie('plain')), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie('plain'), { maxLength: 4 }).map((values) => new Set(values)),
  ),
}));

test('what is written reads back the same, and again to the same text', () => {
  fc.assert(
    fc.property(plain, (value) => {
      const text = encodePlain(value);
      const back = decodePlain(text);
      expect(isDeepStrictEqual(back, value)).toBe(true);
      expect(encodePlain(back)).toBe(text);
      count('values');
    }),
    { numRuns: runs(500) },
  );
});

test('a changed text is refused as Damaged or reads, and nothing else is ever thrown', () => {
  fc.assert(
    fc.property(
      plain,
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'{}[]",:$\\0e-n')), { minLength: 30, maxLength: 30 }),
      (value, changes) => {
        const text = encodePlain({ value });
        for (const [place, character] of changes) {
          const at = place % text.length;
          count('changed texts');
          if (!reads(text.slice(0, at) + character + text.slice(at + 1))) count('refused texts');
          expect(reads(text.slice(0, at))).toBe(false);
        }
      },
    ),
    { numRuns: runs(200) },
  );
});

function reads(text: string): boolean {
  try {
    decodePlain(text);
    return true;
  } catch (error) {
    if (error instanceof Damaged) return false;
    throw error;
  }
}

describe('hostile texts are Damaged', () => {
  const tagged = (content: string): string => `{"$":${content}}`;
  test.each([
    '',
    'undefined',
    '['.repeat(1_000_000),
    `${'['.repeat(450)}1${']'.repeat(450)}`,
    tagged('1'),
    tagged('[]'),
    tagged('["nothing"]'),
    tagged('["number","1"]'),
    tagged('["number","toString"]'),
    tagged('["bigint","1e9"]'),
    tagged('["bigint","007"]'),
    tagged('["undefined",1]'),
    tagged('["map",[[1]]]'),
    tagged('["map",{"length":2}]'),
    tagged('["set","abc"]'),
    tagged('["date","now"]'),
    tagged('["record",[]]'),
    tagged('["Float32Array","AAA="]'),
    tagged('["Float32Array","????"]'),
    tagged('["Function","AAAA"]'),
    tagged('["constructor","AAAA"]'),
    '{"$":["set",[]],"more":1}',
  ])('%#: %.40s', (text) => {
    expect(reads(text)).toBe(false);
  });

  test('keys mean nothing to JavaScript', () => {
    const value = decodePlain(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    );
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.hasOwn(value as object, '__proto__')).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('what is not plain is refused with its place', () => {
  class Point {}
  const cycle: { inner: unknown[] } = { inner: [] };
  cycle.inner.push(cycle);
  let deep: unknown = 1;
  for (let i = 0; i < 10_000; i++) deep = [deep];
  test.each<[value: unknown, path: string]>([
    [() => 1, 'state'],
    [{ a: [1, Symbol('s')] }, 'state.a[1]'],
    [{ hooks: [{ seen: new Point() }] }, 'state.hooks[0].seen'],
    [{ 'two words': /x/ }, 'state["two words"]'],
    [new Map([['a', new Map([[1, Promise.resolve()]])]]), 'state.entries[0][1].entries[0][1]'],
    [cycle, 'state.inner[0]'],
    [new WeakMap(), 'state'],
    [Buffer.from('x'), 'state'],
    [new ArrayBuffer(1), 'state'],
    [new Error('x'), 'state'],
    [
      {
        get x() {
          return 1;
        },
      },
      'state.x',
    ],
    [{ [Symbol.iterator]: 1 }, 'state["Symbol(Symbol.iterator)"]'],
    // biome-ignore lint/suspicious/noSparseArray: it is what is refused
    [{ list: [1, , 2] }, 'state.list'],
    [Object.assign([1], { more: 2 }), 'state'],
    [Object.create({ inherited: 1 }), 'state'],
    [deep, `state${'[0]'.repeat(100)}`],
  ])('%#', (value, path) => {
    expect(() => encodePlain(value)).toThrow(NotPlain);
    expect(() => encodePlain(value)).toThrow(expect.objectContaining({ path }));
  });

  test('but the same part in two places is written twice', () => {
    const shared = { n: 1 };
    expect(decodePlain(encodePlain([shared, shared]))).toEqual([{ n: 1 }, { n: 1 }]);
  });
});
