/** A vocabulary of a few ops of its own, in one process with the standard one: nothing in the compiler knows which it is. */
import { expect, test } from 'vitest';
import { trace } from '../../compiler/1-read/reader/trace.ts';
import { compile } from '../../compiler/compile.ts';
import { constantOf } from '../../compiler/ir/facts.ts';
import { topological } from '../../compiler/ir/graph.ts';
import { parse } from '../../compiler/ir/parse.ts';
import { print } from '../../compiler/ir/print.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { float, numeric } from '../../compiler/op/accepts.ts';
import { broadcastCard } from '../../compiler/op/broadcast.ts';
import type { Card, Op } from '../../compiler/op/card.ts';
import { none } from '../../compiler/op/card.ts';
import { defineOp } from '../../compiler/op/define/define-op.ts';
import type { Optimizer } from '../../compiler/op/define/define-optimizer.ts';
import { reals } from '../../compiler/op/domain.ts';
import { folding } from '../../compiler/op/folding.ts';
import { param } from '../../compiler/op/leaf.ts';
import type { Metric } from '../../compiler/op/metric.ts';
import * as option from '../../compiler/op/options.ts';
import type { Binary, Reduce } from '../../compiler/op/signatures.ts';
import { foldedAxes, matching, reducing } from '../../compiler/op/type-rules.ts';
import type { Vocabulary } from '../../compiler/op/vocabulary.ts';
import { vocabularyOf } from '../../compiler/op/vocabulary.ts';
import type { Schema } from '../../dsl/column.ts';
import { arrays } from '../../dsl/dataset.ts';
import type { Programs } from '../../dsl/pipeline.ts';
import { Pipeline } from '../../dsl/pipeline.ts';
import type { Shape, Tensor, Tensors } from '../../dsl/tensor.ts';
import { lawsOf } from '../../laws/index.ts';
import * as millrace from '../../stdlib/index.ts';
import { meaningMachine, wasmMachine } from './machines.ts';

const plus: Op<Binary> = defineOp({
  name: 'plus',
  kind: 'zip',
  inputs: { left: numeric, right: numeric },
  type: matching,
  scalar: ({ left, right }) => left + right,
  gradient: ({ dy }) => ({ left: dy, right: dy }),
  lower: { wasm: (s, { left, right }) => s.add(left, right) },
  domain: { left: reals(), right: reals() },
  examples: [
    [
      [[1, 2], 3],
      [4, 5],
    ],
  ],
});

const times: Op<Binary> = defineOp({
  name: 'times',
  kind: 'zip',
  inputs: { left: numeric, right: numeric },
  type: matching,
  scalar: ({ left, right }) => left * right,
  gradient: ({ inputs: { left, right }, dy }) => ({ left: times(dy, right), right: times(dy, left) }),
  lower: { wasm: (s, { left, right }) => s.mul(left, right) },
  identity: { value: 1, side: 'both' },
  domain: { left: reals(), right: reals() },
  examples: [
    [
      [[1, 2], 3],
      [3, 6],
    ],
  ],
});

const over: Op<Binary> = defineOp({
  name: 'over',
  kind: 'zip',
  inputs: { part: float, whole: float },
  type: matching,
  scalar: ({ part, whole }) => part / whole,
  gradient: ({ inputs: { whole }, dy, y }) => {
    const toPart = over(dy, whole);
    return { part: toPart, whole: times(times(toPart, y), -1) };
  },
  lower: { wasm: (s, { part, whole }) => s.div(part, whole) },
  domain: { part: reals(), whole: reals({ min: 1, max: 4 }) },
  examples: [
    [
      [[1, 2], 4],
      [0.25, 0.5],
    ],
  ],
});

const total: Op<Reduce> = defineOp({
  name: 'total',
  kind: 'reduce',
  inputs: { x: numeric },
  options: { axis: option.axes(null), keepDims: option.flag(false) },
  type: reducing,
  evaluate: folding(0, (sum, x) => sum + x),
  axes: foldedAxes,
  fold: 'add',
  gradient: ({ inputs: { x }, options, dy }) => {
    const whole = options.axis === null ? x.shape.map(() => 1) : x.shape;
    return { x: plus(times(x, 0), options.axis === null ? shaped(dy, whole) : dy) };
  },
  domain: { x: reals() },
  examples: [[[[1, 2]], 3]],
});

const shaped: Op<(x: Tensor, shape: Shape) => Tensor> = defineOp({
  name: 'shaped',
  kind: 'move',
  inputs: { x: numeric },
  options: { shape: option.dims() },
  positional: ['shape'],
  type: ({ x }, { shape }) => ({ dtype: x.dtype, shape }),
  evaluate: ({ x }, _, { dtype, shape }) => ({ dtype, shape, data: x.data }),
  movement: () => ({ as: 'reshape' }),
  gradient: ({ inputs: { x }, dy }) => ({ x: shaped(dy, x.shape) }),
  examples: [
    [
      [
        [1, 2],
        [2, 1],
      ],
      [[1], [2]],
    ],
  ],
});

const converted = defineOp({
  name: 'converted',
  kind: 'map',
  inputs: { x: numeric },
  options: { dtype: option.dtype() },
  positional: ['dtype'],
  type: ({ x }, { dtype }) => ({ dtype, shape: x.shape }),
  scalar: ({ x }) => x,
  gradient: none('it is used on counts only'),
  lower: { wasm: (s, { x }) => (x.type === 'i32' ? s.toFloat(x) : x) },
  examples: [
    [
      [[1, 2], { dtype: 'float32' }],
      [1, 2],
    ],
  ],
});

const missing = (): never => {
  throw new Error('internal: the toy vocabulary has no such op');
};

const ops = [plus, times, over, total, shaped, converted];
const toy: Vocabulary = vocabularyOf({
  cards: ops.map(({ card }) => card),
  rules: [
    {
      name: 'x · 1 = x',
      rewrite: ({ card, inputs: [x, one] }) => (card === times.card && constantOf(one) === 1 ? x : undefined),
      examples: (x) => [times(x, 1)],
    },
  ],
  roles: {
    add: (a, b) => plus(a, b),
    subtract: (a, b) => plus(a, times(b, -1)),
    multiply: (a, b) => times(a, b),
    divide: (a, b) => over(a, b),
    sum: (x, options) => total(x, options),
    reshape: (x, shape) => shaped(x, shape),
    cast: (x, dtype) => converted(x, { dtype }),
    transpose: missing,
    contract: missing,
    floorDivide: missing,
    mod: missing,
    equal: missing,
    where: missing,
  },
});

/** Gradient descent, in the toy's own ops. */
const descent: Optimizer = {
  optimizer: 'descent',
  learningRate: 0.05,
  slots: () => ({}),
  update: ({ parameter, gradient, learningRate }) => ({
    parameter: plus(parameter, times(times(gradient, learningRate), -1)),
    slots: {},
  }),
};

function toyPipeline() {
  const { float } = millrace;
  const data = arrays({ x: float, y: float }, { x: [1, 2, 3, 4], y: [3, 5, 7, 9] });
  const [slope, offset] = [param([], { name: 'slope' }), param([], { name: 'offset' })];
  return new Pipeline<Schema, Tensors, Programs, Tensor | Metric, Optimizer>(
    {
      data: data.batch(4),
      // Both parameters are stretched to the batch, and a factor of 1 is there to be simplified away.
      model: ({ x }) => times(plus(times(x!, slope), offset), 1),
      loss: (answer, { y }) => {
        const off = plus(answer as Tensor, times(y!, -1));
        return times(off, off);
      },
      optimizer: descent,
    },
    toy,
    nowhere,
  );
}

test('the standard vocabulary is loaded, and shares no card but the language’s with the toy', () => {
  const shared = [...toy.cards].filter(([name, card]) => millrace.vocabulary.cards.get(name) === card);
  expect(shared.map(([name]) => name).sort()).toEqual(
    ['broadcast', 'constant', 'dimension', 'fitted', 'input', 'iota', 'literal', 'param', 'state'].sort(),
  );
});

test.each(ops.map((op) => [op.card.name, op] as const))('%s keeps the laws', (_, op) => {
  for (const law of lawsOf(op, { vocabulary: toy, runs: 10 })) law.run();
});

test('a pipeline in the toy is read, checked, differentiated, simplified, planned and run as it means', async () => {
  const { module, contract } = compile(toyPipeline(), { name: 'line' });
  const used = new Set<Card>();
  for (const { graph } of module.programs.values()) {
    const text = print(graph, { spans: false });
    expect(print(parse(text, toy), { spans: false })).toBe(text);
    for (const { card } of topological(graph)) used.add(card);
  }
  expect([...used].filter((card) => toy.cards.get(card.name) !== card)).toEqual([]);
  for (const card of [plus.card, times.card, total.card, broadcastCard]) expect(used).toContain(card);

  const meaning = meaningMachine(
    new Map([...module.programs].map(([name, { graph }]) => [name, graph])),
    module.state,
  );
  const wasm = await wasmMachine(module);
  const columns = { x: [1, 2, 3, 4], y: [3, 5, 7, 9] };
  for (const machine of [meaning, wasm]) machine.run(contract.init.program, 0, {});
  for (let step = 0; step < 400; step++) {
    for (const machine of [meaning, wasm]) machine.run(contract.step.program, 4, columns);
  }
  for (const machine of [meaning, wasm]) {
    const state = machine.state();
    expect(state.slope![0]).toBeCloseTo(2, 1);
    expect(state.offset![0]).toBeCloseTo(1, 1);
  }
});

test('the standard vocabulary means its own ops before and after', () => {
  const { add, float, multiply, pipeline, sgd } = millrace;
  const standard = () =>
    compile(
      pipeline({
        data: arrays({ x: float, y: float }, { x: [1], y: [2] }).batch(1),
        model: ({ x }) => multiply(add(x, param([], { name: 'w' })), 2),
        loss: (answer, { y }) => millrace.square(millrace.subtract(answer, y)),
        optimizer: sgd(),
      }),
      { name: 'standard' },
    );
  const texts = () =>
    [...standard().module.programs.values()].map(({ graph }) => print(graph, { spans: false }));
  const before = texts();
  trace(toyPipeline(), 'line');
  compile(toyPipeline(), { name: 'line' });
  expect(texts()).toEqual(before);
  expect(before.join()).not.toMatch(/= (plus|times|over|total) /);
});
