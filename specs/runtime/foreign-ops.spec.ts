/** Models with ops of a user's own: saved under their package's name, loaded with what is handed over, never with another op. */
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as m from 'millrace';
import { describe, expect, test } from 'vitest';
import { compile, parse, print } from '../../compiler/index.ts';
import { float } from '../../compiler/op/accepts.ts';
import { reals } from '../../compiler/op/domain.ts';
import { preserving } from '../../compiler/op/type-rules.ts';
import { defineVocabulary, versionFits } from '../../compiler/op/user-vocabulary.ts';
import { load, train } from '../../runtime/index.ts';
import { refused } from '../support/refused.ts';

/** An op that multiplies by a number, under any name. */
const scaling = (name: string, factor: number) =>
  m.defineOp({
    name,
    kind: 'map',
    inputs: { x: float },
    type: preserving,
    scalar: ({ x }) => factor * x,
    gradient: ({ dy }) => ({ x: m.multiply(dy, factor) }),
    lower: { wasm: (s, { x }) => s.mul(x, factor) },
    domain: { x: reals() },
    examples: [],
  });

function pipelineWith(op: (x: m.Tensor) => m.Tensor) {
  const layer = m.dense(1);
  return m.pipeline({
    data: m
      .rows({ x: m.vector(2), y: m.vector(1) }, [{ x: [1, 2], y: [3] }])
      .repeat(10)
      .batch(4),
    model: ({ x }) => ({ plain: layer(x), scaled: op(m.exp(layer(x))) }),
    loss: ({ plain }, { y }) => m.meanSquaredError(y, plain),
    optimizer: m.sgd({ learningRate: 0.01 }),
  });
}

async function saved(op: (x: m.Tensor) => m.Tensor) {
  const { model } = await train(pipelineWith(op)).finished;
  const folder = await mkdtemp(join(tmpdir(), 'millrace-foreign-'));
  await model.save(folder);
  return { folder, answers: model.predict([{ x: [1, 2] }]) };
}

const asked = [{ x: [1, 2] }];

describe('an op of the program’s own', () => {
  test('called like one of ours is itself again after loading, and is refused without', async () => {
    const exp = scaling('exp', 2);
    const { folder, answers } = await saved(exp);
    const loaded = await load(folder, { vocabulary: [exp] });
    expect(loaded.predict(asked)).toEqual(answers);
    expect(answers[0]).not.toEqual({ ...(answers[0] as object), scaled: Math.exp(1) });
    expect(await refused(load(folder))).toMatchObject([
      { code: 'RUN813', received: 'no op of this name', hint: expect.stringContaining('vocabulary: [exp]') },
    ]);
    expect(await refused(load(folder, { vocabulary: [scaling('other', 2)] }))).toMatchObject([
      { code: 'RUN813' },
    ]);
    expect(await refused(load(folder, { vocabulary: [exp, scaling('exp', 3)] }))).toMatchObject([
      { code: 'RUN813', received: '2 ops of this name' },
    ]);
  });

  test('that is a formula over ours needs nothing', async () => {
    const doubled = m.composite({
      name: 'doubled',
      inputs: { x: float },
      body: ({ x }) => m.add(x, x),
      domain: { x: reals() },
      examples: [],
    });
    const { folder, answers } = await saved(doubled);
    expect((await load(folder)).predict(asked)).toEqual(answers);
  });
});

test('a program’s vocabulary holds the ops that it uses: its text reads back', () => {
  const odd = scaling('odd', 3);
  const { module } = compile(pipelineWith(odd));
  const graph = module.programs.get('predict')!.graph;
  expect(module.vocabulary.cards.get('odd')).toBe(odd.card);
  expect(print(parse(print(graph), module.vocabulary))).toBe(print(graph));
});

test('a loaded model is saved again as it was', async () => {
  const odd = scaling('odd', 3);
  const { folder, answers } = await saved(odd);
  const again = `${folder}-again`;
  await (await load(folder, { vocabulary: [odd] })).save(again);
  expect((await load(again, { vocabulary: [odd] })).predict(asked)).toEqual(answers);
  expect(await refused(load(again))).toMatchObject([{ code: 'RUN813' }]);
});

describe('an op of a package', () => {
  const halve = scaling('halve', 0.5);
  const given = (version: string, ops: object = { halve }, name = '@acme/ops') =>
    defineVocabulary({ name, version, ops: ops as never });

  test('names the package, its version and its export, and loads with what fits', async () => {
    given('1.2.3');
    const { folder, answers } = await saved(halve);
    const program = (await readdir(folder)).find((name) => name.startsWith('program-'));
    const file = JSON.parse(await readFile(join(folder, program!), 'utf8'));
    expect(file.foreign).toEqual([
      {
        word: '@acme/ops/halve',
        op: 'halve',
        origin: { package: '@acme/ops', version: '1.2.3', export: 'halve' },
      },
    ]);
    for (const version of ['1.2.3', '1.2.4', '1.9.0'])
      expect((await load(folder, { vocabulary: [given(version)] })).predict(asked)).toEqual(answers);
    for (const [vocabulary, received] of [
      [given('1.2.2'), 'version 1.2.2'],
      [given('2.0.0'), 'version 2.0.0'],
      [given('1.2.3', { halve }, 'other'), 'no vocabulary of this package'],
      [given('1.2.3', { half: halve }), 'a vocabulary without halve'],
      [halve, 'no vocabulary of this package'],
    ] as const)
      expect(await refused(load(folder, { vocabulary: [vocabulary] }))).toMatchObject([
        { code: 'RUN813', received },
      ]);
  });

  test('two of one name in one model stay apart', async () => {
    const [one, two] = [scaling('scale', 2), scaling('scale', 4)];
    const package1 = defineVocabulary({ name: 'one', version: '1.0.0', ops: { scale: one } });
    const package2 = defineVocabulary({ name: 'two', version: '1.0.0', ops: { scale: two } });
    const { folder, answers } = await saved((x) => m.subtract(two(x), one(x)));
    const { plain, scaled } = answers[0] as { plain: number[]; scaled: number[] };
    expect(scaled[0]).toBeCloseTo((4 - 2) * Math.exp(plain[0]!), 3);
    expect((await load(folder, { vocabulary: [package2, package1] })).predict(asked)).toEqual(answers);
    expect(await refused(load(folder, { vocabulary: [package1] }))).toMatchObject([
      { code: 'RUN813', expected: 'scale of the package two, version ^1.0.0' },
    ]);
  });

  test.each([
    ['1.2.3', '1.2.3', true],
    ['1.2.3', '1.3.0', true],
    ['1.2.3', '2.0.0', false],
    ['1.2.3', '1.2.2', false],
    ['0.2.3', '0.2.4', true],
    ['0.2.3', '0.3.0', false],
    ['0.2.3', '0.2.2', false],
    ['1.0.0', 'latest', false],
  ])('what was saved with %s is read with %s: %s', (wanted, present, fits) => {
    expect(versionFits(wanted, present)).toBe(fits);
  });

  test('a vocabulary of what is no op, or without a version, is refused', async () => {
    expect(await refused(() => given('1.2'))).toMatchObject([{ code: 'ARG101' }]);
    expect(await refused(() => given('1.2.3', { halve: 3 }))).toMatchObject([{ code: 'ARG101' }]);
  });
});
