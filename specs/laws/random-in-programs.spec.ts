/** `random` and `training` in programs: the run's seed and step, a stream for each call, and nothing outside training. */
import { expect, test } from 'vitest';
import { compile } from '../../compiler/compile.ts';
import { train } from '../../runtime/index.ts';
import {
  add,
  arrays,
  cast,
  float,
  meanSquaredError,
  multiply,
  param,
  pipeline,
  program,
  random,
  sgd,
  stack,
  training,
  where,
} from '../../stdlib/index.ts';

const rows = 4000;
const zero = Array.from({ length: rows }, () => 0);

/** A program that answers random numbers, three columns a row. */
const drawing = pipeline({
  data: arrays({ x: float, y: float }, { x: zero, y: zero }).batch(rows),
  model: ({ x }) => multiply(add(x, param([], { name: 'w' })), 1),
  loss: (answer, { y }) => meanSquaredError(y, where(training, add(answer, 1), answer)),
  optimizer: sgd({ learningRate: 0 }),
  programs: {
    draw: program({ x: float }, ({ x }) =>
      stack([
        add(x, random.uniform(x.shape, { min: -1, max: 3 })),
        add(x, random.normal(x.shape, { mean: 5, stddev: 2 })),
        add(x, cast(random.bernoulli(x.shape, { probability: 0.3 }), 'float32')),
        add(x, random.uniform(x.shape, { min: -1, max: 3 })),
      ]),
    ),
  },
});

async function drawn(seed: number): Promise<number[][]> {
  const { model, loss } = await train(drawing, { epochs: 1, seed }).finished;
  expect(loss).toBe(1);
  expect((await model.evaluate()).loss).toBe(0);
  const answers = model.run(
    'draw',
    zero.map((x) => ({ x })),
  ) as unknown as number[][];
  return [0, 1, 2, 3].map((column) => answers.map((row) => row[column]!));
}

const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length;
const deviation = (xs: readonly number[]): number => Math.sqrt(mean(xs.map((x) => (x - mean(xs)) ** 2)));

test('numbers have the moments that are asked for, one stream a call, by the seed of the run', async () => {
  const [uniform, normal, bernoulli, again] = await drawn(1);
  expect(mean(uniform!)).toBeCloseTo(1, 0.8);
  expect(uniform!.every((x) => x >= -1 && x < 3)).toBe(true);
  expect(deviation(normal!)).toBeCloseTo(2, 0.8);
  expect(mean(normal!)).toBeCloseTo(5, 0.8);
  expect(bernoulli!.every((x) => x === 0 || x === 1)).toBe(true);
  expect(mean(bernoulli!)).toBeCloseTo(0.3, 1.2);
  expect(again).not.toEqual(uniform);
  expect(await drawn(1)).toEqual([uniform, normal, bernoulli, again]);
  expect((await drawn(2))[0]).not.toEqual(uniform);
});

test('each program knows whether it trains before it runs', () => {
  const { module, contract } = compile(drawing, { name: 'drawing' });
  for (const { graph } of module.programs.values()) {
    const names = graph.outputs.map(({ value }) => value.card.name);
    expect(names).not.toContain('where');
  }
  expect(contract.step.program).not.toBe(contract.predict.program);
});

test.each([
  ['a spread below 0', () => random.normal([2], { stddev: -1 }), 'ARG102'],
  ['a chance above 1', () => random.bernoulli([2], { probability: 2 }), 'ARG102'],
  ['a misspelt option', () => random.uniform([2], { from: 1 } as object), 'ARG103'],
  ['a size for a shape', () => random.uniform(3 as never), 'ARG101'],
])('%s is refused', (_, make, code) => {
  expect(make).toThrow(code);
});
