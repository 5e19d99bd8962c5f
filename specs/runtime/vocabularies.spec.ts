/** The words of columns, found in the training data: against counting. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Dataset } from 'millrace';
import {
  arrays,
  cast,
  concat,
  csv,
  dense,
  embedding,
  fittedCategory,
  float,
  from,
  meanSquaredError,
  pipeline,
  program,
  reshape,
  rows,
  sgd,
  split,
  squeeze,
  sum,
  text,
} from 'millrace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { trained } from '../support/trained.ts';

const count = tally('vocabularies', { vocabularies: 30 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-vocabularies-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('vocabularies', () => {
  const word = fc.constantFrom('a', 'b', 'B', 'é', 'the', 'cat', 'dog', '7', '中', 'zebra', 'Ω');
  const label = fc.constantFrom(
    '',
    ' ',
    'a',
    'A',
    'red',
    'green',
    'blue',
    '🙂',
    'x y',
    '__proto__',
    'constructor',
  );
  const rowOf = fc.record({ c: label, t: fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')) });
  const data = fc.record({
    rows: fc.array(rowOf, { minLength: 1, maxLength: 60 }),
    size: fc.integer({ min: 2, max: 12 }),
    words: fc.integer({ min: 1, max: 6 }),
    distinct: fc.boolean(),
    form: fc.constantFrom('rows', 'arrays', 'csv', 'live'),
  });

  /** By counting. */
  function ranked(words: readonly string[], most: number): string[] {
    const counts = new Map<string, number>();
    for (const each of words) counts.set(each, (counts.get(each) ?? 0) + 1);
    const byText = [...counts.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return byText.sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0)).slice(0, most);
  }

  function taken(given: string, words: number, distinct: boolean): string[] {
    const all = given
      .normalize('NFC')
      .toLowerCase()
      .split(/[^\p{L}\p{M}\p{N}]+/u)
      .filter((each) => each !== '');
    return (distinct ? [...new Set(all)] : all).slice(0, words);
  }

  let files = 0;
  async function dataset(
    form: string,
    schema: { c: ReturnType<typeof fittedCategory>; t: ReturnType<typeof text<number>>; y: typeof float },
    given: readonly { c: string; t: string }[],
  ): Promise<Dataset<typeof schema>> {
    const all = given.map((row) => ({ ...row, y: 0 }));
    if (form === 'rows') return rows(schema, all);
    if (form === 'live') return from(schema, () => all.values()).take(all.length);
    if (form === 'arrays') {
      return arrays(schema, { c: all.map(({ c }) => c), t: all.map(({ t }) => t), y: all.map(() => 0) });
    }
    const file = join(folder, `words-${files++}.csv`);
    const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
    await writeFile(file, ['c,t,y', ...all.map(({ c, t }) => `${quoted(c)},${quoted(t)},0`)].join('\n'));
    return csv(file, schema);
  }

  test('are the most frequent words of the training part, and number every row by them', async () => {
    await fc.assert(
      fc.asyncProperty(data, async ({ rows: given, size, words, distinct, form }) => {
        const schema = {
          c: fittedCategory({ size }),
          t: text({ words, vocabulary: size, distinct }),
          y: float,
        };
        const { train: part, test: rest } = split(await dataset(form, schema, given), {
          train: 0.7,
          test: 0.3,
        });
        const seen: { c: string; t: string }[] = [];
        const layer = dense(1);
        const line = pipeline({
          data: part.peek((row) => seen.push(row)).batch(7),
          validation: rest.batch(7),
          model: ({ c, t }) => ({
            c: cast(c, 'float32'),
            t: cast(t, 'float32'),
            w: layer(reshape(cast(c, 'float32'), ['B', 1])),
          }),
          loss: ({ w }, { y }) => meanSquaredError(y, squeeze(w, { axis: 1 })),
          optimizer: sgd({ learningRate: 0 }),
        });
        const outcome = await trained(line, { steps: 1 }).catch((error: Error) => error);
        if (outcome instanceof Error) {
          expect(outcome.message).toMatch(/no rows/);
          return;
        }
        const { model, facts } = outcome;
        const of = seen.slice(0, facts[0]?.rows);
        const labels = ranked(
          of.map(({ c }) => c),
          size - 1,
        );
        const known = ranked(
          of.flatMap(({ t }) => taken(t, words, distinct)),
          size - 2,
        );
        expect(facts[0]?.vocabularies).toEqual({ c: labels.length, t: known.length });
        const rowsToAsk = [...given, { c: 'never', t: 'never the cat' }];
        const answers = model.predict(rowsToAsk);
        for (const [at, { c, t }] of rowsToAsk.entries()) {
          expect(answers[at]?.c).toBe(labels.indexOf(c) + 1);
          const numbers = taken(t, words, distinct).map((each) => known.indexOf(each) + 2 || 1);
          const wanted = numbers.map((n, i) => (known.includes(taken(t, words, distinct)[i] ?? '') ? n : 1));
          expect(Array.from(answers[at]?.t ?? [])).toEqual([
            ...wanted,
            ...Array(words - wanted.length).fill(0),
          ]);
        }
        count('vocabularies');
      }),
      { numRuns: runs(45) },
    );
  });

  const cities = ['Bern', 'Oslo', 'Bern', 'Rome', 'Bern', 'Oslo'];
  const trip = (i: number) => ({ from: cities[i % 6] ?? '', to: cities[(i * 5 + 1) % 6] ?? '', y: i % 3 });

  test("columns that are one value share their words, also in programs of the pipeline's own", async () => {
    const city = fittedCategory({ size: 10 });
    const place = embedding(10, 1);
    const line = pipeline({
      data: rows({ from: city, to: city, y: float }, [0, 1, 2, 3].map(trip)).batch(2),
      model: ({ from, to }) => sum(concat([place(from), place(to)], { axis: 1 }), { axis: 1 }),
      loss: (predicted, { y }) => meanSquaredError(y, predicted),
      optimizer: sgd(),
      programs: { number: program({ from: city }, ({ from }) => cast(from, 'float32')) },
    });
    const { model, facts } = await trained(line);
    expect(facts[0]?.vocabularies).toEqual({ from: 3, to: 3 });
    const number = (name: string) => model.run('number', [{ from: name }])[0];
    expect(['Bern', 'Oslo', 'Rome', 'Paris'].map(number)).toEqual([1, 2, 3, 0]);
  });
});
