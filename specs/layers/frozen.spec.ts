/** Frozen layers in training: parameters and moving statistics stay, batch normalization uses those it has, the rest learns. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/index.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { reference } from '../../runtime/engines/reference/index.ts';
import { LoadedPipeline } from '../../runtime/run/loaded-pipeline.ts';
import {
  arrays,
  batchNormalization,
  dense,
  freeze,
  meanSquaredError,
  pipeline,
  sequential,
  sgd,
  vector,
} from '../../stdlib/index.ts';

const x = [
  [1, 2],
  [3, 5],
  [-2, 0],
];
const y = [[1], [2], [3]];

/** The states of a model before and after two steps, and the last loss. */
async function trained(model: (x: Tensor) => Tensor) {
  const compiled = compile(
    pipeline({
      data: arrays({ x: vector(2), y: vector(1) }, { x, y }).batch(3),
      model: (row) => model(row.x),
      loss: (predicted, row) => meanSquaredError(row.y, predicted),
      optimizer: sgd({ learningRate: 0.1 }),
    }),
  );
  const session = await reference.load(compiled.module);
  const loaded = new LoadedPipeline(compiled, session);
  loaded.initialise(1);
  const states = () =>
    new Map(loaded.states('param', 'state').map(({ id }) => [id, [...session.read(id)]] as const));
  const before = states();
  const step = session.program(compiled.contract.step.program);
  for (let i = 0; i < 2; i++) {
    step.inputs.x!.set(x.flat());
    step.inputs.y!.set(y.flat());
    step.run(3);
  }
  const after = states();
  const moved = [...after].flatMap(([id, values]) => (`${values}` === `${before.get(id)}` ? [] : [id]));
  return { moved, slots: loaded.states('slot').map(({ id }) => id), compiled };
}

const all = [
  'batchNormalization.beta',
  'batchNormalization.gamma',
  'batchNormalization.movingMean',
  'batchNormalization.movingVariance',
  'dense.bias',
  'dense.kernel',
  'dense_1.bias',
  'dense_1.kernel',
];
const head = ['dense_1.bias', 'dense_1.kernel'];

describe('what training moves', () => {
  test('is everything, as a rule', async () => {
    const { moved } = await trained(sequential(dense(3), batchNormalization(), dense(1)));
    expect(moved.sort()).toEqual(all);
  });

  test('is only the rest, when layers are frozen by option', async () => {
    const frozen = { trainable: false };
    const { moved } = await trained(sequential(dense(3, frozen), batchNormalization(frozen), dense(1)));
    expect(moved.sort()).toEqual(head);
  });

  test('is only the rest, when a layer of layers is frozen', async () => {
    const base = sequential(dense(3), batchNormalization());
    const { moved } = await trained(sequential(freeze(base), dense(1)));
    expect(moved.sort()).toEqual(head);
  });

  test('is less from the next compilation on, when a layer is frozen later', async () => {
    const base = sequential(dense(3), batchNormalization());
    const model = sequential(base, dense(1));
    expect((await trained(model)).moved.sort()).toEqual(all);
    freeze(base);
    expect((await trained(model)).moved.sort()).toEqual(head);
  });
});

test('a frozen batch normalization trains by its moving statistics, not by those of the batch', async () => {
  const run = async (trainable: boolean): Promise<number> => {
    const { compiled } = await trained(sequential(batchNormalization({ trainable }), dense(1)));
    const session = await reference.load(compiled.module);
    const loaded = new LoadedPipeline(compiled, session);
    loaded.initialise(1);
    const { predict, step } = compiled.contract;
    const [training, inference] = [session.program(step.program), session.program(predict.program)];
    for (const { inputs } of [training, inference]) inputs.x?.set(x.flat());
    training.inputs.y!.set(y.flat());
    inference.run(3);
    const [predicted] = Object.values(inference.outputs);
    const expected = y.reduce((total, [value], i) => total + (value! - predicted![i]!) ** 2, 0) / 3;
    training.run(3);
    return Object.values(training.outputs)[0]![0]! - expected;
  };
  expect(await run(false)).toBeCloseTo(0, 5);
  expect(Math.abs(await run(true))).toBeGreaterThan(0.01);
});
