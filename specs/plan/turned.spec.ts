/** Contractions lay their results down in another order of axes where that is asked for, and are right about it. */
import { train } from 'millrace/runtime';
import { describe, expect, test } from 'vitest';
import { planProgram } from '../../compiler/5-plan/plan-program.ts';
import { compile } from '../../compiler/index.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { close } from '../../laws/close.ts';
import {
  arrays,
  einsum,
  mean,
  multiHeadAttention,
  multiply,
  neg,
  normal,
  param,
  pipeline,
  sgd,
  square,
  sum,
  tensor,
  transpose,
} from '../../stdlib/index.ts';

const data = arrays(
  { x: tensor([6, 8]) },
  { x: Float32Array.from({ length: 5 * 48 }, (_, i) => Math.sin(i) / 2) },
).batch(4);

const orders = [
  [0, 1, 2, 3],
  [0, 2, 1, 3],
  [0, 1, 3, 2],
  [0, 2, 3, 1],
  [0, 3, 1, 2],
  [0, 3, 2, 1],
];

/** x as [B, 2, 6, 4] by a contraction, maybe with more done to it, and its axes in the given order. */
function turned(order: readonly number[], after: (x: Tensor) => Tensor) {
  const kernel = param([8, 2, 4], { initializer: normal({ stddev: 0.3 }) });
  return pipeline({
    data,
    model: ({ x }) => {
      const heads = einsum('btf,fhd->bthd', x, kernel);
      const scores = after(einsum('bthd,bshd->bhts', heads, heads));
      return transpose(einsum('bhts,bshd->bhtd', scores, heads), { axes: order });
    },
    loss: (y) => mean(square(y), { axis: [1, 2, 3] }),
    optimizer: sgd({ learningRate: 0.01 }),
  });
}

describe.each([
  ['alone', (x: Tensor): Tensor => x],
  ['after a map', neg],
  ['after a product', (x: Tensor): Tensor => multiply(x, x)],
] as const)('a turned contraction %s', (_, after) => {
  test.each(orders)('in the order %d %d %d %d is what it is by its meaning', async (...order) => {
    const rows = [{ x: Array.from({ length: 48 }, (_, i) => Math.cos(i)) }];
    const answers = (['wasm', 'reference'] as const).map(async (engine) => {
      const { model } = await train(turned(order, after), { steps: 2, seed: 4, engine }).finished;
      return (model.predict(rows) as number[][][][]).flat(4);
    });
    const [fast, exact] = await Promise.all(answers);
    expect(fast).toHaveLength(48);
    fast!.forEach((value, i) => {
      expect(close(value, exact![i]!, 1e-4, 1e-5), `${i}: ${value} for ${exact![i]}`).toBe(true);
    });
  });
});

test('attention copies nothing into another order', () => {
  const attend = multiHeadAttention(2, 4);
  const { module } = compile(
    pipeline({
      data,
      model: ({ x }) => attend(x, x, { useCausalMask: true }),
      loss: (y) => sum(square(y), { axis: [1, 2] }),
      optimizer: sgd({ learningRate: 0.1 }),
    }),
  );
  const copies = planProgram(module, 'step').kernels.filter(
    (kernel) =>
      kernel.kind === 'loop' &&
      kernel.stages.every(
        ({ body, folds }) => folds.length === 0 && body.every(({ kind }) => kind === 'read'),
      ) &&
      kernel.name.includes('transpose'),
  );
  expect(copies.map(({ name }) => name)).toEqual([]);
});
