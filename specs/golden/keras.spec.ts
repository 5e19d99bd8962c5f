/** What Keras gives for the same calls, from a file that scripts/goldens/from_keras.py writes. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf, problemsOf } from '../../compiler/ir/node.ts';
import { apply } from '../../compiler/op/call/apply.ts';
import type { Optimizer } from '../../compiler/op/define/define-optimizer.ts';
import { input } from '../../compiler/op/leaf.ts';
import type { Values } from '../../compiler/op/values.ts';
import type { DType, Tensor } from '../../dsl/tensor.ts';
import { close } from '../../laws/close.ts';
import { flat } from '../../laws/ops/documented-calls.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import { adam, sgd, vocabulary } from '../../stdlib/index.ts';
import { tally } from '../support/tally.ts';

type Nested = number | readonly Nested[];
type Options = Readonly<Record<string, unknown>>;

interface Golden {
  readonly made: string;
  readonly activations: readonly { op: string; options: Options; x: number[]; y: number[] }[];
  readonly losses: readonly {
    op: string;
    options: Options;
    dtype: DType;
    yTrue: Nested;
    yPred: Nested;
    y: number[];
  }[];
  readonly optimizers: readonly {
    optimizer: 'sgd' | 'adam';
    options: Options;
    start: number[];
    gradients: number[][];
    steps: number[][];
  }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL('./expected.keras.json', import.meta.url), 'utf8'));
const count = tally(`as ${golden.made}`, { activations: 30, losses: 29, optimizers: 6, numbers: 600 });

function leaf(value: Nested, dtype: DType): { node: Node; values: Values } {
  const shapeOf = (at: Nested): number[] => (typeof at === 'number' ? [] : [at.length, ...shapeOf(at[0]!)]);
  const values = { dtype, shape: shapeOf(value), data: Float64Array.from(flat(value)) };
  return { node: input('x', values.shape, dtype), values };
}

function compare(got: ArrayLike<number>, want: readonly number[], relative = 2e-6, absolute = 2e-7): void {
  expect(got.length).toBe(want.length);
  for (const [i, value] of want.entries()) {
    expect(close(got[i]!, value, relative, absolute), `element ${i}: ${got[i]} for ${value}`).toBe(true);
    count('numbers');
  }
}

function valueOf(
  op: string,
  args: readonly { node: Node; values: Values }[],
  options: Options,
): Float64Array {
  const node = apply(vocabulary.cards.get(op)!, [...args.map((arg) => arg.node), options]);
  expect(problemsOf(node)).toEqual([]);
  return evaluate([node], new Map(args.map((arg) => [arg.node, arg.values])))[0]!.data;
}

const titled = <T extends { op: string; options: Options }>(rows: readonly T[]) =>
  rows.map((row, i) => [`${row.op} ${JSON.stringify(row.options)} #${i}`, row] as const);

describe('activations', () => {
  test.each(titled(golden.activations))('%s', (_, { op, options, x, y }) => {
    // Keras works in float32: 1 − (1 − e⁻²⁰) is 0 there, and not here.
    compare(valueOf(op, [leaf(x, 'float32')], options), y, 2e-6, 1e-6);
    count('activations');
  });
});

describe('losses and metrics', () => {
  test.each(titled(golden.losses))('%s', (_, { op, options, dtype, yTrue, yPred, y }) => {
    compare(valueOf(op, [leaf(yTrue, dtype), leaf(yPred, 'float32')], options), y, 5e-6, 1e-6);
    count('losses');
  });
});

const makers: Readonly<Record<'sgd' | 'adam', (options: Options) => Optimizer>> = { sgd, adam };

test.each(golden.optimizers.map((row) => [`${row.optimizer} ${JSON.stringify(row.options)}`, row] as const))(
  '%s',
  (_, { optimizer, options, start, gradients, steps }) => {
    const made = makers[optimizer](options);
    const real = (name: string): Node => input(name, [start.length], 'float32');
    const [parameter, gradient] = [real('parameter'), real('gradient')];
    const [rate, step] = [input('rate', [], 'float32'), input('step', [], 'int32')];
    const initial: Readonly<Record<string, Tensor>> = made.slots(parameter);
    const slots = Object.fromEntries(Object.keys(initial).map((name) => [name, real(name)]));
    const updated = made.update({
      parameter,
      gradient,
      slots,
      learningRate: rate,
      step,
      loss: undefined,
      gradients: [gradient],
    });
    const names = Object.keys(slots);
    const results = [updated.parameter, ...names.map((name) => updated.slots[name]!)].map(nodeOf);

    const scalar = (value: number, dtype: DType): Values => ({
      dtype,
      shape: [],
      data: Float64Array.of(value),
    });
    const vector = (data: ArrayLike<number>): Values => ({
      dtype: 'float32',
      shape: [start.length],
      data: Float64Array.from(data),
    });
    let held = vector(start);
    let kept = names.map((name) => evaluate([nodeOf(initial[name]!)])[0]!);
    gradients.forEach((slope, t) => {
      const feeds = new Map([
        [parameter, held],
        [gradient, vector(slope)],
        [rate, scalar(made.learningRate as number, 'float32')],
        [step, scalar(t, 'int32')],
        ...names.map((name, i) => [slots[name]!, kept[i]!] as const),
      ]);
      const [next, ...rest] = evaluate(results, feeds);
      held = next!;
      kept = rest;
      compare(held.data, steps[t]!, 5e-6, 2e-6);
    });
    count('optimizers');
  },
);
