/** Saved models: they read back whole, work without their source, and every damage is noticed. */
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import type { Optimizer } from 'millrace';
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
  sgd,
  softmax,
  sparseCategoricalAccuracy,
  sparseCategoricalCrossentropy,
  stack,
  vector,
} from 'millrace';
import type { Model } from 'millrace/runtime';
import { evaluate, load, train } from 'millrace/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pipelineOf } from '../../runtime/model/model.ts';
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
const sizesBy = (optimizer: Optimizer) =>
  pipeline({
    data: table.shuffle().batch(8),
    validation: table.batch(7),
    model: ({ size }) => {
      const logits = classifier(stack([size]));
      return { logits, chances: softmax(logits) };
    },
    loss: ({ logits }, row) => sparseCategoricalCrossentropy(row.kind, logits, { fromLogits: true }),
    metrics: { accuracy: ({ logits }, row) => sparseCategoricalAccuracy(row.kind, logits) },
    optimizer,
  });
const sizes = sizesBy(adam({ learningRate: 0.05 }));

let directory: string;
let saved: string;
let model: Model<typeof schema>;
/** `model.json` and the parts that it names. */
let names: readonly string[];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-model-'));
  saved = join(directory, 'sizes');
  model = (await train(sizes, { epochs: 20, seed: 3, name: 'sizes' }).finished).model;
  await model.save(saved);
  names = await readdir(saved);
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

/** Writes a damaged copy of one of the files, beside good copies of the others. */
async function damaged(name: string, change: (bytes: Buffer) => Uint8Array): Promise<string> {
  const path = join(directory, 'damaged');
  await mkdir(path, { recursive: true });
  for (const file of names) {
    const bytes = await readFile(join(saved, file));
    await writeFile(join(path, file), file === name ? change(bytes) : bytes);
  }
  return path;
}

describe('damage', () => {
  test('of any bit of any file is noticed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(), fc.nat(7), async (which, place, bit) => {
        const path = await damaged(names[which]!, (bytes) => {
          bytes[place % bytes.length]! ^= 1 << bit;
          return bytes;
        });
        expect(await refused(read(path))).toMatchObject([{ code: 'RUN809' }]);
        count('damaged files');
      }),
      { numRuns: runs(200) },
    );
  });

  test('by cutting a file short is noticed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(), async (which, length) => {
        const file = names[which]!;
        const path = await damaged(file, (bytes) => bytes.subarray(0, length % bytes.length));
        expect(await refused(read(path))).toMatchObject([
          { code: 'RUN809', span: { file: join(path, file) } },
        ]);
        count('damaged files');
      }),
      { numRuns: runs(120) },
    );
  });

  test('by taking a file away is noticed', async () => {
    for (const file of names) {
      const path = await damaged('', (bytes) => bytes);
      await rm(join(path, file));
      const code = file === 'model.json' ? 'RUN808' : 'RUN809';
      expect(await refused(read(path))).toMatchObject([{ code }]);
    }
  });

  test('by another version is named', async () => {
    const path = await damaged('model.json', (bytes) =>
      Buffer.from(bytes.toString().replace('"version": 3', '"version": 2')),
    );
    const [problem] = await refused(read(path));
    expect(problem).toMatchObject({ code: 'RUN809' });
    expect(problem!.message).toContain('version 2, and this Millrace reads version 3');
  });
});

describe('saving', () => {
  test('replaces a saved model, and nothing else', async () => {
    await writeFile(join(saved, 'README.md'), 'notes');
    await model.save(saved);
    expect((await read(saved)).predict(asked)).toEqual(model.predict(asked));
    expect((await readdir(saved)).sort()).toEqual([...names, 'README.md'].sort());
    await rm(join(saved, 'README.md'));
  });

  test('beside files of somebody else’s leaves them as they are', async () => {
    const path = join(directory, 'beside');
    await mkdir(`${path}.previous`, { recursive: true });
    await mkdir(path);
    const foreign = [join(path, 'thesis.txt'), join(path, 'weights-0123456789ab.safetensors')];
    const all = [...foreign, join(`${path}.previous`, 'thesis.txt')];
    for (const file of all) await writeFile(file, 'years of work');
    for (let round = 0; round < 2; round++) await model.save(path);
    for (const file of all) expect(await readFile(file, 'utf8')).toBe('years of work');
    expect((await read(path)).predict(asked)).toEqual(model.predict(asked));
  });

  test('over a model.json of somebody else’s is refused', async () => {
    const path = join(directory, 'tfjs');
    await mkdir(path);
    const text = JSON.stringify({ format: 'layers-model', weightsManifest: [] });
    await writeFile(join(path, 'model.json'), text);
    await writeFile(join(path, 'group1-shard1of1.bin'), 'x');
    expect(await refused(model.save(path))).toMatchObject([{ code: 'RUN808' }]);
    expect(await refused(read(path))).toMatchObject([{ code: 'RUN809' }]);
    expect((await readdir(path)).sort()).toEqual(['group1-shard1of1.bin', 'model.json']);
    expect(await readFile(join(path, 'model.json'), 'utf8')).toBe(text);
    const file = join(directory, 'file');
    await writeFile(file, 'no folder');
    expect(await refused(model.save(file))).toMatchObject([{ code: 'RUN808' }]);
  });

  test('mends a damaged model', async () => {
    for (const name of names) {
      const path = await damaged(name, (bytes) => bytes.subarray(0, bytes.length - 1));
      await model.save(path);
      expect((await read(path)).predict(asked)).toEqual(model.predict(asked));
    }
  });

  test('through a symbolic link writes to where it leads', async () => {
    const [real, link] = [join(directory, 'v3'), join(directory, 'current')];
    await mkdir(real);
    await symlink(real, link);
    await model.save(link);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await read(real)).predict(asked)).toEqual(model.predict(asked));
  });

  test('refuses weights that are not finite, and saves them where that is asked for', async () => {
    const steep = sizesBy(sgd({ learningRate: 1e30 }));
    const { model: broken } = await train(steep, { epochs: 5, nanGuard: false }).finished;
    const path = join(directory, 'broken');
    const [problem] = await refused(broken.save(path));
    expect(problem).toMatchObject({ code: 'STO802', received: expect.stringMatching(/NaN|Infinity/) });
    expect(problem!.message).toMatch(/^dense\S* is not finite: \d+ of its \d+ values$/);
    await broken.save(path, { allowNonFinite: true });
    expect((await read(path)).predict(asked)).toEqual(broken.predict(asked));
    expect(await refused(broken.save(path, { allowNonFinite: 1 } as never))).toMatchObject([
      { code: 'RUN801' },
    ]);
  });

  test('names no file of the machine it was trained on', async () => {
    for (const name of names) expect((await readFile(join(saved, name))).includes(process.cwd())).toBe(false);
  });
});

test('a model that was disposed of says so', async () => {
  const loaded = await read(saved);
  loaded.dispose();
  expect(await refused(() => loaded.predict(asked))).toMatchObject([{ code: 'RUN810' }]);
});

test('a model that was disposed of keeps nothing of the engine', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const { model } = await train(sizes, { epochs: 1 }).finished;
  model.predict(asked);
  const { session, compiled } = pipelineOf(model as never);
  const held = new WeakRef(session.view?.(compiled.module.state[0]?.id ?? '')?.buffer ?? {});
  expect(held.deref()).toBeDefined();
  model.dispose();
  // What a turn of the event loop has looked at is kept until the next.
  for (let turn = 0; turn < 20 && held.deref(); turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  expect(held.deref()).toBeUndefined();
  expect(model.schema).toHaveProperty('size');
});
