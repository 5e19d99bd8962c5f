/** Optimizers by hand are those of pipelines, step by step; they are saved and restored with their slots, to the bit. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as s from '../../runtime/faces/session/index.ts';
import { defineHook, train } from '../../runtime/index.ts';
import * as m from '../../stdlib/index.ts';

const cases = Array.from({ length: 6 }, (_, i) => ({
  x: [Math.sin(i), Math.cos(2 * i)],
  y: [Math.sin(3 * i)],
}));
const xs = cases.map(({ x }) => x);
const ys = cases.map(({ y }) => y);

const optimizers = {
  sgd: () => m.sgd({ learningRate: 0.1 }),
  momentum: () => m.sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true }),
  adam: () => m.adam({ learningRate: 0.02, amsgrad: true }),
} as const;

/** Weights that are the same wherever they are made. */
const start = (shape: readonly number[]) =>
  m.tensorOf(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1 + i) / 2),
    {
      shape,
    } as never,
  ) as m.Tensor;

const net = () => {
  const hidden = m.dense(4, { activation: m.tanh, kernelInitializer: start, name: 'hidden' });
  const last = m.dense(1, { kernelInitializer: start, name: 'last' });
  return (x: m.Tensor): m.Tensor => last(hidden(x));
};

function byHand(optimizer: m.Optimizer) {
  const x = s.placeholder('float32', ['B', 2]);
  const y = s.placeholder('float32', ['B', 1]);
  const apply = net();
  const out = apply(x);
  const loss = m.mean(m.meanSquaredError(y, out), { axis: null });
  const step = s.optimizer(optimizer).minimize(loss);
  const feeds = [
    [x, xs],
    [y, ys],
  ] as const;
  return { x, out, loss, step, feeds };
}

describe.each(Object.entries(optimizers))('%s', (_, make) => {
  // Sizes that are known are planned otherwise than those of a batch: sums may be rounded in another order.
  test('minimizes as a pipeline trains', async () => {
    const layers = net();
    const losses: number[] = [];
    const pipeline = m.pipeline({
      data: m.rows({ x: m.vector(2), y: m.vector(1) }, cases).batch(6),
      model: ({ x }) => layers(x),
      loss: (out, { y }) => m.meanSquaredError(y, out),
      optimizer: make(),
    });
    const listen = defineHook({
      name: 'losses',
      on: (_state, event) => {
        if (event.type === 'batchFinished') losses.push(event.loss);
      },
    });
    const { model } = await train(pipeline, { epochs: 12, hooks: [listen] }).finished;
    const { x, out, loss, step, feeds } = byHand(make());
    const session = new s.Session();
    await session.run(s.globalVariablesInitializer());
    const found: number[] = [];
    for (let i = 0; i < 12; i++) found.push((await session.run({ step, loss }, feeds)).loss as number);
    expect(found).toHaveLength(losses.length);
    found.forEach((value, i) => {
      expect(Math.abs(value - losses[i]!)).toBeLessThanOrEqual(2e-6 * losses[i]!);
    });
    const answers = (await session.run(out, [[x, xs]])) as unknown as number[][];
    (model.predict(cases) as unknown as number[][]).forEach(([wanted], i) => {
      expect(answers[i]![0]).toBeCloseTo(wanted!, 5);
    });
    await session.close();
    model.dispose();
  });

  test('goes on from where it was saved, slots and all', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-session-'));
    const { loss, step, feeds } = byHand(make());
    const one = new s.Session();
    await one.run(s.globalVariablesInitializer());
    for (let i = 0; i < 5; i++) await one.run(step, feeds);
    await one.save(folder);
    const other = new s.Session({ seed: 99 });
    await other.restore(folder);
    for (let i = 0; i < 5; i++) {
      for (const session of [one, other]) await session.run(step, feeds);
      expect(await other.run(loss, feeds)).toBe(await one.run(loss, feeds));
    }
    for (const session of [one, other]) await session.close();
  });
});

test('gradients are slopes, and may be changed before they are applied', async () => {
  const w = s.variable([1, -2, 0.5], { name: 'w' });
  const loss = m.sum(
    m.multiply(
      m.square(w),
      [1, 2, 3].reduce((a, b) => a + b, 0),
    ),
  );
  const session = new s.Session();
  await session.run(s.globalVariablesInitializer());
  const [slope] = s.gradients(loss, [w]);
  expect(await session.run(slope!)).toEqual([12, -24, 6]);
  const descent = s.gradientDescentOptimizer(1);
  const clipped = descent
    .computeGradients(loss)
    .map(([gradient, variable]) => [m.clip(gradient, -1, 1), variable] as const);
  await session.run(descent.applyGradients(clipped));
  expect(await session.run(w)).toEqual([0, -1, -0.5]);
  await session.close();
});

test('names are scoped', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-session-'));
  const [left, right] = ['left', 'right'].map((scope) =>
    s.nameScope(scope, () => s.variable(1, { name: 'w' })),
  );
  const session = new s.Session();
  await session.run(s.globalVariablesInitializer());
  await session.run(s.group(s.assign(left!, 2), s.assign(right!, 3)));
  await session.save(folder);
  const other = new s.Session();
  await other.restore(folder);
  expect(await other.run([left!, right!])).toEqual([2, 3]);
  for (const each of [session, other]) await each.close();
});
