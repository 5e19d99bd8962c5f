/** Columns of text: the same numbers for the same words from every source, held to a definition written out anew. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Dataset, HashedText } from 'millrace';
import {
  arrays,
  binaryCrossentropy,
  cast,
  csv,
  embedding,
  float,
  from,
  greater,
  int,
  jsonLines,
  multiply,
  pipeline,
  rows,
  sgd,
  sigmoid,
  squeeze,
  sum,
  text,
  vector,
  zip,
} from 'millrace';
import { describe as described, iterate, load, toArray, train } from 'millrace/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contractFrom } from '../../runtime/store/model/contract-file.ts';
import { drain } from '../support/drain.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('columns of text', { texts: 300, words: 300, forged: 20 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-text-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** MurmurHash3's finalizer, in exact integers. */
function fmix(word: bigint): bigint {
  const low = (value: bigint): bigint => value & 0xffff_ffffn;
  const first = low((word ^ (word >> 16n)) * 0x85eb_ca6bn);
  const second = low((first ^ (first >> 13n)) * 0xc2b2_ae35n);
  return second ^ (second >> 16n);
}

/** The hash of a word, from its description. */
function hashOf(word: string, seed: number): bigint {
  const low = (value: bigint): bigint => value & 0xffff_ffffn;
  let state = 0x9e37_79b9n;
  for (const number of [BigInt(seed), BigInt(word.length)]) {
    state = low(fmix(low(state ^ number)) + 0x6a09_e667n);
    state = low(fmix(low(state ^ (BigInt.asIntN(64, number) >> 32n))) + 0x3c6e_f372n);
  }
  let hash = fmix(state);
  for (let at = 0; at < word.length; at++) hash = fmix(low(hash ^ BigInt(word.charCodeAt(at))));
  return hash;
}

/** Character by character. */
function wordsOf(given: string, split: 'words' | 'spaces' = 'words'): string[] {
  const isPart = (char: string): boolean =>
    split === 'words' ? /^[\p{L}\p{M}\p{N}]$/u.test(char) : char.trim() !== '';
  const words: string[] = [];
  let isOpen = false;
  for (const char of split === 'words' ? given.normalize('NFC').toLowerCase() : given) {
    if (isPart(char)) words.push(isOpen ? (words.pop() ?? '') + char : char);
    isOpen = isPart(char);
  }
  return words;
}

function numbersOf(given: string, options: HashedText): number[] {
  const { words, buckets, seed = 0, split, distinct = false } = options;
  const found = wordsOf(given, split);
  const taken = (distinct ? [...new Set(found)] : found).slice(0, words);
  const numbers = taken.map((word) => 1 + Number(hashOf(word, seed) % BigInt(buckets - 1)));
  return [...numbers, ...Array.from({ length: words - taken.length }, () => 0)];
}

const unit = fc.constantFrom(
  ...['a', 'B', 'é', 'e\u0301', 'ß', 'İ', 'Σ', '7', '٣', 'क', 'ि', '中', '𝒳', '🙂', '\ud800'],
  ...[' ', '\n', '\t', '\u00a0', '-', '_', '.', "'", '"', ','],
);
const given = fc.string({ unit, maxLength: 30 });
const options: fc.Arbitrary<HashedText> = fc.record({
  words: fc.integer({ min: 1, max: 9 }),
  buckets: fc.oneof(fc.integer({ min: 2, max: 50 }), fc.constantFrom(2 ** 16, 2 ** 31 - 1)),
  seed: fc.oneof(fc.constant(undefined), fc.constantFrom(0, 7, 2 ** 40)),
  split: fc.constantFrom(undefined, 'words' as const, 'spaces' as const),
  distinct: fc.constantFrom(undefined, true, false),
});

test('words have the numbers that the definition gives them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(given, { minLength: 1, maxLength: 6 }), options, async (texts, options) => {
      const data = rows(
        { t: text(options) },
        texts.map((t) => ({ t })),
      );
      const { columns } = await drain(data.batch(4));
      expect(columns.t).toEqual(texts.flatMap((t) => numbersOf(t, options)));
      count('texts', texts.length);
      count('words', columns.t?.filter((number) => number > 0).length);
    }),
    { numRuns: runs(150) },
  );
});

test('words have these numbers for all time', async () => {
  const data = rows({ t: text({ words: 6, buckets: 65_536 }) }, [
    { t: 'Hello, WORLD: hello world 2002' },
    { t: 'Été e\u0301te\u0301 ÉTÉ été हिन्दी 中文' },
  ]);
  const { columns } = await drain(data.batch(2));
  expect(columns.t).toEqual([847, 37481, 847, 37481, 12951, 0, 43856, 43856, 43856, 43856, 38751, 4631]);
});

test('two words share a number about as often as chance has it, and others do with another seed', async () => {
  const size = 2000;
  const buckets = 4001;
  const words = Array.from({ length: size }, (_, i) => `word${i}`).join(' ');
  const pairs: Set<string>[] = [];
  for (const seed of [0, 1]) {
    const data = rows({ t: text({ words: size, buckets, seed }) }, [{ t: words }]);
    const numbers = (await drain(data.batch(1))).columns.t ?? [];
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...numbers)).toBeLessThan(buckets);
    const found = new Set<string>();
    for (const [i, number] of numbers.entries()) {
      const first = numbers.indexOf(number);
      if (first < i) found.add(`${first} ${i}`);
    }
    // 4000 buckets, of which 2000 words leave 4000·e^(−1/2) empty: 426 words share one; five standard deviations.
    expect(Math.abs(found.size - 426)).toBeLessThan(75);
    pairs.push(found);
  }
  const [a = new Set(), b = new Set()] = pairs;
  expect([...a].filter((pair) => b.has(pair)).length).toBeLessThan(10);
});

const schema = { id: int, t: text({ words: 5, buckets: 1000 }), x: float };

/** The same rows from every kind of source. */
async function sources(texts: readonly string[]): Promise<Readonly<Record<string, Dataset<typeof schema>>>> {
  const given = texts.map((t, id) => ({ id, t, x: id / 2 }));
  const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
  const csvFile = join(folder, 'texts.csv');
  const jsonFile = join(folder, 'texts.jsonl');
  await writeFile(
    csvFile,
    `x,t,id,more\n${given.map(({ id, t, x }) => `${x},${quoted(t)},${id},1\n`).join('')}`,
  );
  await writeFile(jsonFile, given.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const columns = { id: given.map(({ id }) => id), t: [...texts], x: given.map(({ x }) => x) };
  return {
    rows: rows(schema, given),
    live: from(schema, () => given),
    arrays: arrays(schema, columns),
    csv: csv(csvFile, schema),
    'csv as it is read': csv(csvFile, schema, { stream: true }),
    jsonLines: jsonLines(jsonFile, schema),
    mapped: rows({ t: schema.t }, given).map(schema, (row, { index }) => ({
      id: index,
      x: index / 2,
      ...row,
    })),
    stacked: arrays(schema, { id: [0], t: texts.slice(0, 1), x: [0] }).concat(rows(schema, given.slice(1))),
    beside: zip(arrays({ id: int, x: float }, columns), arrays({ t: schema.t }, columns)) as never,
  };
}

/** Texts that JSON and UTF-8 carry: no half of a surrogate pair, and no carriage return that a writer of CSV would have to quote. */
const carried = fc.array(
  given.filter((t) => !/\p{Surrogate}/u.test(t) && t.trim() !== ''),
  { minLength: 1, maxLength: 6 },
);

test('every source gives the same numbers, and the texts themselves to host code', async () => {
  await fc.assert(
    fc.asyncProperty(carried, async (texts) => {
      const numbers = texts.flatMap((t) => numbersOf(t, { words: 5, buckets: 1000 }));
      for (const [name, data] of Object.entries(await sources(texts))) {
        expect((await drain(data.batch(3))).columns.t, name).toEqual(numbers);
        const seen: unknown[] = [];
        await drain(data.filter(({ t }) => seen.push(t) > 0).batch(3));
        expect(seen, name).toEqual(texts);
        const again = data.map(schema, (row) => ({ ...row, t: `${row.t} end` })).map(schema, (row) => row);
        expect(
          (await toArray(again)).map(({ t }) => t),
          name,
        ).toEqual(texts.map((t) => `${t} end`));
        count('texts', texts.length);
      }
    }),
    { numRuns: runs(15) },
  );
});

test('an empty field of CSV is a text without words, or what stands for a missing one', async () => {
  const file = join(folder, 'empty.csv');
  await writeFile(file, 'id,t,x\n1,,0\n2,one two,0\n');
  const read = async (data: Dataset<typeof schema>) => (await toArray(data)).map(({ t }) => t);
  expect(await read(csv(file, schema))).toEqual(['', 'one two']);
  expect(await read(csv(file, schema, { missing: { t: 'none' } }))).toEqual(['none', 'one two']);
  const { columns } = await drain(csv(file, schema).batch(1));
  expect(columns.t?.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
  await writeFile(file, 'id,x\n1,0\n');
  expect(await refused(drain(csv(file, schema).batch(1)))).toMatchObject([{ code: 'DAT702', expected: 't' }]);
  await writeFile(file, '1,"a, b",0\n');
  expect(await read(csv(file, schema, { header: false }))).toEqual(['a, b']);
});

test('a description counts texts and their words; unbatch repeats a text', async () => {
  const data = rows({ t: schema.t, v: schema.t }, [
    { t: 'one two', v: '' },
    { t: 'a b c d e f g', v: '' },
  ]);
  expect((await described(data)).columns.t).toMatchObject({
    kind: 'text',
    count: 2,
    words: { mean: 3.5, min: 2, max: 5 },
  });
  const pairs = rows({ t: schema.t, v: vector(2) }, [{ t: 'one two', v: [1, 2] }]);
  expect(await toArray(pairs.unbatch())).toEqual([1, 2].map((v) => ({ t: 'one two', v })));
  const lists = rows({ t: schema.t }, [{ t: 'one two' }]);
  expect(await refused(toArray(lists.unbatch()))).toMatchObject([{ code: 'DAT715' }]);
});

describe('what is no text is refused', () => {
  test.each<[unknown, string]>([
    [7, 'DAT705'],
    [null, 'DAT705'],
    [['a'], 'DAT705'],
    [undefined, 'DAT702'],
  ])('%o', async (t, code) => {
    const row = { id: 1, t, x: 0 } as never;
    for (const data of [rows(schema, [row]), from(schema, () => [row])])
      expect(await refused(drain(data.batch(1)))).toMatchObject([{ code, expected: 'a text' }]);
    const columns = arrays(schema, { id: [1], t: [t], x: [0] } as never);
    expect(await refused(drain(columns.batch(1)))).toMatchObject([{ code }]);
  });
});

describe('options that make no sense are refused', () => {
  const good = { words: 4, buckets: 100 };
  test.each<[object]>([
    [{ words: 0 }],
    [{ words: 1.5 }],
    [{ words: 2 ** 25 }],
    [{ words: undefined }],
    [{ buckets: 1 }],
    [{ buckets: 2 ** 31 }],
    [{ buckets: '9' }],
    [{ seed: 0.5 }],
    [{ split: 'letters' }],
    [{ distinct: 1 }],
  ])('%o', async (wrong) => {
    const data = rows({ t: text({ ...good, ...wrong } as never), y: float }, [{ t: 'a', y: 1 }]);
    const [name] = Object.keys(wrong);
    const expected = expect.stringContaining(`${name}: `);
    // What has no length cannot be read either.
    if (Number.isInteger(data.schema.t.shape[0]))
      expect(await refused(toArray(data))).toMatchObject([{ code: 'DAT715', expected }]);
    const weights = embedding(100, 1);
    const model = pipeline({
      data: data.batch(1),
      model: ({ t }) => sum(weights(t), { axis: [1, 2] }),
      loss: (z, { y }) => multiply(z, y),
      optimizer: sgd(),
    });
    expect(await refused(train(model).finished)).toMatchObject([{ code: 'ARG102', expected }]);
  });
});

describe('a saved model', () => {
  const weights = embedding(1000, 1);
  const spam = pipeline({
    data: rows({ t: schema.t, y: float }, [
      { t: 'buy now', y: 1 },
      { t: 'dear friend', y: 0 },
    ]).batch(2),
    model: ({ t }) => {
      const isWord = cast(greater(t, 0), 'float32');
      return sigmoid(sum(multiply(squeeze(weights(t), { axis: -1 }), isWord), { axis: 1 }));
    },
    loss: (p, { y }) => binaryCrossentropy(y, p),
    optimizer: sgd({ learningRate: 1 }),
  });

  test('answers texts as before, and keeps how they are cut', async () => {
    const { model } = await train(spam, { epochs: 20 }).finished;
    const path = join(folder, 'spam');
    await model.save(path);
    const loaded = await load(path);
    expect(loaded.schema).toEqual(spam.definition.data.rows.schema);
    const asked = [{ t: 'Buy, friend!' }, { t: '' }, { t: 'now' }];
    expect(loaded.predict(asked as never)).toEqual(model.predict(asked));
    const other = rows({ t: text({ words: 5, buckets: 999 }), y: float }, []);
    expect(await refused(loaded.evaluate(other as never))).toMatchObject([
      { code: 'DAT705', expected: 'text(words 5, buckets 1000, seed 0, split words, distinct false)' },
    ]);
  });

  test('that is forged is refused', async () => {
    const path = join(folder, 'forged');
    await (await train(spam).finished).model.save(path);
    const file = (await readdir(path)).find((name) => name.startsWith('program')) ?? '';
    const { contract, programs, state } = JSON.parse(await readFile(join(path, file), 'utf8'));
    const read = (change: object): unknown => {
      const [[name, column], ...rest] = contract.schema;
      return contractFrom(
        { ...contract, schema: [[name, { ...column, ...change }], ...rest] },
        programs,
        state,
      );
    };
    expect(read({})).toBeDefined();
    const { text: hashing } = schema.t;
    const changes: object[] = [
      ...[undefined, null, [], {}, 'words', 7].map((text) => ({ text })),
      ...[0, 1, 1.5, '9', 2 ** 31, null].map((buckets) => ({ text: { ...hashing, buckets } })),
      ...[0.5, '1', null, undefined].map((seed) => ({ text: { ...hashing, seed } })),
      ...['letters', null].map((split) => ({ text: { ...hashing, split } })),
      { text: { ...hashing, distinct: 0 } },
      { text: { ...hashing, more: 1 } },
      { shape: [] },
      { shape: [0] },
      { shape: [5, 1] },
      { dtype: 'float32' },
      { labels: ['a'] },
      { kind: 'tensor' },
    ];
    for (const change of changes) {
      expect(() => read(change), JSON.stringify(change)).toThrow('the schema is malformed');
      count('forged');
    }
  });
});

test('rows are read one by one with their texts', async () => {
  const data = csv(join(folder, 'texts.csv'), schema);
  await writeFile(join(folder, 'texts.csv'), 'id,t,x\n1,a b,2\n');
  for await (const row of iterate(data)) expect(row).toEqual({ id: 1, t: 'a b', x: 2 });
});
