/** What every optimizer promises: it goes downhill, element by element, keeps its slots' shapes, and lets what is over end at 0. */
import type { Node } from '../compiler/ir/node.ts';
import { nodeOf } from '../compiler/ir/node.ts';
import type { Optimizer, OptimizerFacts } from '../compiler/op/define/define-optimizer.ts';
import { reals } from '../compiler/op/domain.ts';
import { input, runStep } from '../compiler/op/leaf.ts';
import type { Values } from '../compiler/op/values.ts';
import { filled, sizeOf } from '../compiler/op/values.ts';
import { evaluate } from '../runtime/engines/reference/evaluate.ts';
import { Draws } from './draw.ts';
import type { LawTest } from './law-test.ts';
import { alike, hasExamples, holds } from './law-test.ts';
import { lawsOfOptions } from './options.ts';
import { scalar, valuesOf } from './sample.ts';

/** A parameter and its slots, between steps. */
export interface Position {
  readonly parameter: Values;
  readonly slots: Readonly<Record<string, Values>>;
}

/** The steps of an optimizer on one parameter, outside of any program. */
export class Steps {
  private readonly parameter: Node;
  private readonly gradient: Node;
  private readonly loss: Node;
  private readonly slots: Readonly<Record<string, Node>>;
  private readonly results: readonly Node[];
  private readonly optimizer: Optimizer;

  constructor(optimizer: Optimizer, shape: readonly number[]) {
    this.optimizer = optimizer;
    this.parameter = input('parameter', shape, 'float32');
    this.gradient = input('gradient', shape, 'float32');
    this.loss = input('loss', [], 'float32');
    this.slots = Object.fromEntries(
      Object.entries(optimizer.slots(this.parameter)).map(([name, initial]) => {
        const { shape: size, dtype } = nodeOf(initial);
        return [name, input(name, size, dtype)];
      }),
    );
    const { learningRate } = optimizer;
    const updated = optimizer.update({
      parameter: this.parameter,
      gradient: this.gradient,
      slots: this.slots,
      learningRate: typeof learningRate === 'function' ? learningRate(runStep) : rate,
      step: runStep,
      loss: this.loss,
      gradients: [this.gradient],
    });
    this.results = [updated.parameter, ...Object.keys(this.slots).map((name) => updated.slots[name]!)].map(
      nodeOf,
    );
  }

  /** Where a parameter of these values starts. */
  start(parameter: Values): Position {
    const slots = Object.entries(this.optimizer.slots(this.parameter)).map(([name, initial]) => {
      const [value] = evaluate([nodeOf(initial)], new Map([[this.parameter, parameter]]));
      return [name, value!] as const;
    });
    return { parameter, slots: Object.fromEntries(slots) };
  }

  /** After one more step, the `step`th from 0, on a batch with this loss. */
  next({ parameter, slots }: Position, gradient: Values, step: number, loss = 1): Position {
    const { learningRate } = this.optimizer;
    const feeds = new Map<Node, Values>([
      [this.parameter, parameter],
      [this.gradient, gradient],
      [this.loss, scalar(loss)],
      [runStep, scalar(step, 'int32')],
      [rate, scalar(typeof learningRate === 'number' ? learningRate : 0)],
      ...Object.entries(this.slots).map(([name, leaf]) => [leaf, slots[name]!] as const),
    ]);
    const [moved, ...kept] = evaluate(this.results, feeds);
    return {
      parameter: moved!,
      slots: Object.fromEntries(Object.keys(this.slots).map((name, i) => [name, kept[i]!])),
    };
  }
}

const rate = input('learningRate', [], 'float32');

const vector = (...data: number[]): Values => ({
  dtype: 'float32',
  shape: [data.length],
  data: Float64Array.from(data),
});

/** Σ curvature·(x − centre)²/2, a bowl of unequal walls. */
const [curvature, centre] = [
  [1, 3, 0.5],
  [1, -2, 0.5],
];

function goesDownhill(optimizer: Optimizer): void {
  const steps = new Steps(optimizer, [3]);
  let at = steps.start(vector(0, 0, 0));
  const apart = ({ parameter }: Position): number[] => [...parameter.data].map((x, i) => x - centre[i]!);
  const height = (p: Position): number =>
    apart(p).reduce((total, d, i) => total + (curvature[i]! * d * d) / 2, 0);
  const before = height(at);
  for (let step = 0; step < 200; step++)
    at = steps.next(at, vector(...apart(at).map((d, i) => curvature[i]! * d)), step, height(at));
  holds(height(at) < before / 20, () => `after 200 steps on a quadratic, ${height(at)} of ${before} is left`);
}

/** Some steps on random gradients; the positions after each. `changed` rearranges or replaces the numbers drawn. */
function walk(
  optimizer: Optimizer,
  shape: readonly number[],
  changed: (data: Float64Array) => Float64Array = (data) => data,
): Position[] {
  const steps = new Steps(optimizer, shape);
  const draw = new Draws(3);
  const drawn = (): Values => {
    const values = valuesOf(reals({ min: -2, max: 2 }), shape, draw);
    return { ...values, data: changed(values.data) };
  };
  let at = steps.start(drawn());
  return Array.from({ length: 6 }, (_, step) => {
    at = steps.next(at, drawn(), step);
    return at;
  });
}

function keepsShapes(optimizer: Optimizer): void {
  for (const shape of [[], [4], [2, 3]]) {
    const steps = new Steps(optimizer, shape);
    let at = steps.start(filled('float32', shape, 0.5));
    const sizes = (p: Position): string =>
      JSON.stringify(Object.entries(p.slots).map(([name, { dtype, shape: size }]) => [name, dtype, size]));
    const before = sizes(at);
    at = steps.next(at, filled('float32', shape, 1), 0);
    holds(sizes(at) === before, () => `the slots of [${shape}] become ${sizes(at)}, from ${before}`);
    holds(
      `${at.parameter.shape}` === `${shape}`,
      `a parameter of [${shape}] becomes [${at.parameter.shape}]`,
    );
    holds(at.parameter.data.every(Number.isFinite), `a parameter of [${shape}] is not finite after a step`);
  }
}

function isDeterministic(optimizer: Optimizer): void {
  const [one, two] = [walk(optimizer, [5]), walk(optimizer, [5])];
  one.forEach((position, i) => {
    alike(position.parameter.data, two[i]!.parameter.data, `step ${i + 1}, made twice`);
  });
}

function isElementwise(optimizer: Optimizer): void {
  const order = [3, 0, 4, 1, 2];
  const plain = walk(optimizer, [5]);
  const turned = walk(optimizer, [5], (data) => Float64Array.from(order, (i) => data[i]!));
  // The same but for the last element.
  const others = walk(optimizer, [5], (data) => data.map((x, i) => (i === 4 ? 1 - x : x)));
  plain.forEach((position, step) => {
    for (const [what, { shape, data }] of parts(position)) {
      if (sizeOf(shape) !== order.length) continue;
      const [permuted, beside] = [turned, others].map(
        (walked) => new Map(parts(walked[step]!)).get(what)!.data,
      );
      const named = `${what}, step ${step + 1}`;
      alike(
        permuted!,
        order.map((k) => data[k]!),
        `${named}, in another order`,
      );
      alike(beside!.slice(0, 4), data.slice(0, 4), `${named}, beside another element`);
    }
  });
}

const parts = ({ parameter, slots }: Position): (readonly [string, Values])[] => [
  ['the parameter', parameter],
  ...Object.entries(slots),
];

/** Averages that fade must end at 0: below 2⁻¹²⁶ every step costs many times as much. `flushToZero` sees to it. */
function leavesNoDenormals(optimizer: Optimizer): void {
  const steps = new Steps(optimizer, [2]);
  const start = steps.start(vector(1, -1));
  const tiny = vector(2 ** -110, -(2 ** -124));
  const faded = Object.fromEntries(
    Object.entries(start.slots).map(([name, { shape }]) => [
      name,
      `${shape}` === '2' ? tiny : start.slots[name]!,
    ]),
  );
  const { slots } = steps.next({ ...start, slots: faded }, vector(0, 0), 1000);
  for (const [name, { data }] of Object.entries(slots)) {
    const fading = [...data].some((value, i) => value !== 0 && Math.abs(value) < Math.abs(tiny.data[i] ?? 0));
    holds(!fading, `${name} fades from ${tiny.data} to ${data} and would become denormal`);
  }
}

/** The laws of one kind of optimizer, for each of its examples. */
export function lawsOfOptimizer(facts: OptimizerFacts): LawTest[] {
  const perExample = facts.examples.flatMap((args, i) => {
    const named = (name: string, run: (optimizer: Optimizer) => void): LawTest => ({
      name: `example ${i + 1} ${name}`,
      run: () => run(facts.make(args)),
    });
    return [
      named('goes downhill', goesDownhill),
      named('keeps the shapes of its slots', keepsShapes),
      named('gives the same twice', isDeterministic),
      ...(facts.elementwise ? [named('updates each element by itself', isElementwise)] : []),
      named('leaves no denormal numbers behind', leavesNoDenormals),
    ];
  });
  const [first] = facts.examples;
  return [hasExamples(facts), ...(first ? lawsOfOptions(facts, first) : []), ...perExample];
}
