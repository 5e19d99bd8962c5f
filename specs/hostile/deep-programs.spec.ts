/** Programs far deeper and wider than a call stack or a function of an engine train, and come to what they mean. */
import { describe, expect, test } from 'vitest';
import { memoryNeeds } from '../../compiler/6-emit/wasm/memory-needs.ts';
import { parse } from '../../compiler/ir/parse.ts';
import { print } from '../../compiler/ir/print.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { train } from '../../runtime/index.ts';
import {
  adam,
  add,
  arrays,
  dense,
  float,
  meanSquaredError,
  multiply,
  ones,
  param,
  pipeline,
  squeeze,
  stack,
  tanh,
  vector,
} from '../../stdlib/index.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';
import { Chooser } from '../emit/chooser.ts';
import { loopCase } from '../emit/loop-case.ts';
import { effort } from '../support/effort.ts';

const rows = 16;
const scalars = arrays(
  { x: float, y: float },
  {
    x: Float32Array.from({ length: rows }, (_, i) => Math.sin(i)),
    y: Float32Array.from({ length: rows }, (_, i) => 0.5 * Math.sin(i)),
  },
).batch(8);
const vectors = arrays(
  { x: vector(2), y: float },
  {
    x: Float32Array.from({ length: 2 * rows }, (_, i) => Math.sin(i)),
    y: Float32Array.from({ length: rows }, (_, i) => Math.cos(i)),
  },
).batch(8);

const optimizer = adam({ learningRate: 1e-3 });
const loss = (answer: Tensor, { y }: { readonly y: Tensor }) => meanSquaredError(y, answer);

/** With `MILLRACE_RUNS=10` programs are as large as anybody would write them. */
const large = effort > 1;

/** x, tanh(x + x), tanh(tanh(x + x) + x), … behind one layer. */
function chain(count: number) {
  const one = dense(1);
  return pipeline({
    data: scalars,
    model: ({ x }) => {
      let value: Tensor = squeeze(one(stack([x])), { axis: -1 });
      for (let i = 0; i < count; i++) value = tanh(add(value, x));
      return value;
    },
    loss,
    optimizer,
  });
}

function layers(count: number) {
  const all = Array.from({ length: count }, () => dense(2, { activation: tanh }));
  const last = dense(1);
  return pipeline({
    data: vectors,
    model: ({ x }) => squeeze(last(all.reduce<Tensor>((value, layer) => layer(value), x)), { axis: -1 }),
    loss,
    optimizer,
  });
}

/** A sum of the input times so many parameters: far more than a function takes as parameters of its own. */
function factors(count: number) {
  const all = Array.from({ length: count }, () => param([], { initializer: ones }));
  return pipeline({
    data: scalars,
    // In pairs, pairs of pairs: one expression that is not deep.
    model: ({ x }) => {
      let parts: Tensor[] = all.map((factor) => multiply(x, factor));
      while (parts.length > 1)
        parts = parts.flatMap((part, i) => {
          const next = parts[i + 1];
          return i % 2 === 1 ? [] : [next ? add(part, next) : part];
        });
      return multiply(parts[0] ?? x, 1 / count);
    },
    loss,
    optimizer,
  });
}

type Train = (engine: 'wasm' | 'reference') => Pick<ReturnType<typeof train>, 'events$' | 'finished'>;

async function lossesOf(run: ReturnType<Train>): Promise<number[]> {
  const losses: number[] = [];
  run.events$.subscribe((event) => {
    if (event.type === 'batchFinished') losses.push(event.loss);
  });
  const { steps } = await run.finished;
  expect(steps).toBe(4);
  return losses;
}

describe('trains, and as the reference says', () => {
  test.each<[string, Train]>([
    [
      `a chain of ${large ? 20_000 : 1000} ops`,
      (engine) => train(chain(large ? 10_000 : 500), { epochs: 2, engine }),
    ],
    [
      `${large ? 1000 : 260} layers, with Adam`,
      (engine) => train(layers(large ? 1000 : 260), { epochs: 2, engine }),
    ],
    [
      `a sum over ${large ? 5000 : 1200} parameters, with Adam`,
      (engine) => train(factors(large ? 5000 : 1200), { epochs: 2, engine }),
    ],
  ])(
    '%s',
    async (_, start) => {
      const found = await lossesOf(start('wasm'));
      const meant = await lossesOf(start('reference'));
      expect(found).toHaveLength(4);
      for (const [at, value] of found.entries()) expect(value).toBeCloseTo(meant[at]!, 4);
      // Something was learned, or the comparison would say little.
      expect(new Set(found).size).toBeGreaterThan(1);
    },
    600_000,
  );
});

describe('what is listed is not handed to one call', () => {
  test('the kernels of a plan', () => {
    const { plan } = loopCase(new Chooser(3));
    const many = Array.from({ length: 200_000 }, (_, i) => plan.kernels[i % plan.kernels.length]!);
    expect(memoryNeeds({ ...plan, kernels: many })).toEqual(memoryNeeds(plan));
  });

  test('the lines of a text', () => {
    const lines = Array.from({ length: 150_000 }, (_, i) => `  v${i + 1} : f32[B] = neg v${i}`);
    const text = ['program p.predict', '  input v0 : f32[B]', ...lines, '  return y = v150000', ''].join(
      '\n',
    );
    const back = print(parse(text, vocabulary)).split('\n');
    expect(back).toHaveLength(lines.length + 4);
    expect(back.at(-2)).toBe('  return y = v150000');
  });
});
