/** Saved models: they read back whole, work without their source, and every damage is noticed. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  adam,
  category,
  dense,
  float,
  int,
  pipeline,
  relu,
  rows,
  sequential,
  softmax,
  sparseCategoricalAccuracy,
  sparseCategoricalCrossentropy,
  stack,
  vector,
} from 'millrace';
import type { Model } from 'millrace/runtime';
import { evaluate, load, train } from 'millrace/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('saved models', { 'damaged files': 300 });

const kind = category('small', '__proto__', 'large, "very"');
const schema = { size: float, place: vector(2), rank: int, kind };
const table = rows(
  schema,
  Array.from({ length: 30 }, (_, i) => ({
    size: i / 10,
    place: [Math.sin(i), Math.cos(i)],
    rank: i % 4,
    kind: kind.labels![Math.floor(i / 10)] as 'small',
  })),
);
const classifier = sequential(dense(5, { activation: relu }), dense(3));
const sizes = pipeline({
  data: table.shuffle().batch(8),
  validation: table.batch(7),
  model: ({ size }) => {
    const logits = classifier(stack([size]));
    return { logits, chances: softmax(logits) };
  },
  loss: ({ logits }, row) => sparseCategoricalCrossentropy(row.kind, logits, { fromLogits: true }),
  metrics: { accuracy: ({ logits }, row) => sparseCategoricalAccuracy(row.kind, logits) },
  optimizer: adam({ learningRate: 0.05 }),
});

let directory: string;
let saved: string;
let model: Model<typeof schema>;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-model-'));
  saved = join(directory, 'sizes');
  model = (await train(sizes, { epochs: 20, seed: 3, name: 'sizes' }).finished).model;
  await model.save(saved);
});
afterAll(() => rm(directory, { recursive: true }));

const asked = [{ size: 0.1 }, { size: 1.5 }, { size: 2.9 }];
const read = (path: string): Promise<Model> => load(path);

describe('a loaded model', () => {
  test('answers and judges exactly as the one that was saved', async () => {
    const loaded = await read(saved);
    expect(loaded.predict(asked)).toEqual(model.predict(asked));
    expect(await evaluate(loaded, sizes)).toEqual(await evaluate(model));
    expect(await evaluate(loaded, table)).toEqual(await evaluate(model, table.batch(1)));
    expect(loaded).toMatchObject({ name: 'sizes', seed: 3, schema });
  });

  test('can be saved again, to the same bytes', async () => {
    const again = join(directory, 'again');
    await (await read(saved)).save(again);
    for (const file of await readdir(saved)) {
      expect(await readFile(join(again, file))).toEqual(await readFile(join(saved, file)));
    }
  });

  test('answers on the reference engine nearly as on the default one', async () => {
    const [mine, theirs] = [
      (await load(saved, { engine: 'reference' })).predict(asked),
      model.predict(asked),
    ];
    const numbers = (answers: readonly unknown[]): number[] =>
      JSON.stringify(answers)
        .match(/-?[\d.]+(e-?\d+)?/g)!
        .map(Number);
    for (const [i, number] of numbers(mine).entries()) expect(number).toBeCloseTo(numbers(theirs)[i]!, 4);
  });

  test('refuses to be evaluated on nothing, or on other columns', async () => {
    const loaded = await read(saved);
    expect(await refused(loaded.evaluate())).toMatchObject([{ code: 'RUN807' }]);
    const other = rows({ size: int, kind: category('a', 'b') }, []);
    expect(await refused(evaluate(loaded, other as never))).toMatchObject([
      { code: 'DAT705', expected: 'float', received: 'int' },
      { code: 'DAT705', received: 'category("a", "b")' },
    ]);
  });
});

/** Writes a damaged copy of one of the files, beside a good copy of the other. */
async function damaged(name: string, change: (bytes: Buffer) => Uint8Array): Promise<string> {
  const path = join(directory, 'damaged');
  await mkdir(path, { recursive: true });
  for (const file of await readdir(saved)) {
    const bytes = await readFile(join(saved, file));
    await writeFile(join(path, file), file === name ? change(bytes) : bytes);
  }
  return path;
}

describe('damage', () => {
  test('of any bit of any file is noticed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('weights.safetensors', 'model.json'),
        fc.nat(),
        fc.nat(7),
        async (file, place, bit) => {
          const path = await damaged(file, (bytes) => {
            bytes[place % (bytes.length - 1)]! ^= 1 << bit;
            return bytes;
          });
          expect(await refused(read(path))).toMatchObject([{ code: 'RUN809' }]);
          count('damaged files');
        },
      ),
      { numRuns: runs(200) },
    );
  });

  test('by cutting a file short is noticed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('weights.safetensors', 'model.json'),
        fc.nat(),
        async (file, length) => {
          const path = await damaged(file, (bytes) => bytes.subarray(0, length % (bytes.length - 1)));
          expect(await refused(read(path))).toMatchObject([
            { code: 'RUN809', span: { file: join(path, file) } },
          ]);
          count('damaged files');
        },
      ),
      { numRuns: runs(120) },
    );
  });

  test('by taking a file away is noticed', async () => {
    for (const file of ['weights.safetensors', 'model.json']) {
      const path = await damaged('', (bytes) => bytes);
      await rm(join(path, file));
      expect(await refused(read(path))).toMatchObject([{ code: 'RUN808' }]);
    }
  });

  test('by another version is named', async () => {
    const path = await damaged('model.json', (bytes) =>
      Buffer.from(bytes.toString().replace('"version": 2', '"version": 3')),
    );
    const [problem] = await refused(read(path));
    expect(problem).toMatchObject({ code: 'RUN809' });
    expect(problem!.message).toContain('version 3');
  });
});

describe('saving', () => {
  test('replaces a saved model, and nothing else', async () => {
    await model.save(saved);
    expect((await read(saved)).predict(asked)).toEqual(model.predict(asked));
    const foreign = join(directory, 'foreign');
    await mkdir(foreign);
    await writeFile(join(foreign, 'thesis.txt'), 'years of work');
    expect(await refused(model.save(foreign))).toMatchObject([{ code: 'RUN808' }]);
    expect(await readdir(foreign)).toEqual(['thesis.txt']);
    expect((await readdir(directory)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('that was broken off while replacing leaves a model that loads', async () => {
    const path = join(directory, 'interrupted');
    await model.save(path);
    await rename(path, `${path}.previous`);
    expect((await read(path)).predict(asked)).toEqual(model.predict(asked));
  });

  test('names no file of the machine it was trained on', async () => {
    expect(await readFile(join(saved, 'model.json'), 'utf8')).not.toContain(process.cwd());
  });
});

test('a model that was disposed of says so', async () => {
  const loaded = await read(saved);
  loaded.dispose();
  expect(await refused(() => loaded.predict(asked))).toMatchObject([{ code: 'RUN810' }]);
});
