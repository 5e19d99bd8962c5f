/** Arguments for ops whose inputs must fit each other or whose options speak of shapes. */
import { product, quotient } from '../../compiler/ir/dim.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { typeOf } from '../../compiler/ir/node.ts';
import { any, float, integer, numeric, truth } from '../../compiler/op/accepts.ts';
import type { Card } from '../../compiler/op/card.ts';
import type { Dim, Shape } from '../../dsl/tensor.ts';
import type { Choices } from './choices.ts';
import { type Growth, numberOf, sizeFrom } from './growth.ts';

export type Arguments = (card: Card, growth: Growth, choices: Choices) => unknown[] | undefined;

const shapeOf = (x: Node): Shape => typeOf(x).shape;
const axesOf = (x: Node): number[] => shapeOf(x).map((_, axis) => axis);
const isKnown = (size: Dim): size is number => typeof size === 'number';

export const particular: Readonly<Record<string, Arguments>> = {
  broadcast: (_, growth, choices) => {
    const x = growth.operand(any, choices);
    const leading: Dim[] = choices.below(2) === 1 ? [choices.once(4) ? 'B' : sizeFrom(choices)] : [];
    return [x, [...leading, ...shapeOf(x).map((size) => (size === 1 ? sizeFrom(choices) : size))]];
  },
  cast: (_, growth, choices) => [growth.operand(any, choices), choices.of(['float32', 'int32', 'bool'])],
  concat: (_, growth, choices) => {
    const first = growth.operand(any, choices, (x) => shapeOf(x).some(isKnown));
    const axes = axesOf(first).filter((axis) => isKnown(shapeOf(first)[axis]!));
    if (axes.length === 0) return undefined;
    const axis = choices.of(axes);
    const others = Array.from({ length: choices.below(3) }, () => {
      const shape = (shapeOf(first) as Dim[]).with(axis, sizeFrom(choices));
      return choices.once(3) ? first : growth.exactly(typeOf(first).dtype, shape, choices);
    });
    return [choices.shuffled([first, ...others]), { axis }];
  },
  stack: (_, growth, choices) => {
    const first = growth.operand(any, choices);
    const { dtype, shape } = typeOf(first);
    const others = Array.from({ length: choices.below(3) }, () => growth.exactly(dtype, shape, choices));
    return [
      choices.shuffled([first, ...others]),
      { axis: choices.below(2 * shape.length + 2) - shape.length - 1 },
    ];
  },
  contract: (_, growth, choices) => {
    const left = growth.operand(numeric, choices);
    const roles = axesOf(left).map(() => choices.of(['over', 'free', 'batch'] as const));
    const axesIn = (role: string): number[] => axesOf(left).filter((axis) => roles[axis] === role);
    const paired = choices.shuffled([...axesIn('over'), ...axesIn('batch')].map((axis) => ({ axis })));
    const free = Array.from({ length: choices.below(3) }, () => ({ axis: -1 }));
    const layout = choices.shuffled([...paired, ...free]);
    const shape = layout.map(({ axis }): Dim => (axis < 0 ? sizeFrom(choices) : shapeOf(left)[axis]!));
    const right = growth.exactly(typeOf(left).dtype, shape, choices);
    const pairs = (role: string): [number[], number[]] => {
      const mine = choices.shuffled(axesIn(role));
      return [mine, mine.map((axis) => layout.findIndex((other) => other.axis === axis))];
    };
    return [left, right, { batch: pairs('batch'), over: pairs('over') }];
  },
  matmul: (_, growth, choices) => {
    const a = growth.operand(numeric, choices, (x) => shapeOf(x).length > 0);
    const shape = shapeOf(a);
    if (shape.length === 0) return undefined;
    const batch = shape.length > 2 && choices.once(2) ? shape.slice(0, -2) : [];
    const columns = batch.length > 0 || choices.below(3) > 0 ? [sizeFrom(choices)] : [];
    return [a, growth.exactly(typeOf(a).dtype, [...batch, shape.at(-1)!, ...columns], choices)];
  },
  gather: (_, growth, choices) => {
    const x = growth.operand(any, choices, (node) => shapeOf(node).length > 0 && !shapeOf(node).includes(0));
    if (shapeOf(x).length === 0 || shapeOf(x).includes(0)) return undefined;
    return [x, growth.operand(integer, choices), { axis: choices.of(axesOf(x)) }];
  },
  takeAlongAxis: (_, growth, choices) => {
    const x = growth.operand(any, choices, (node) => shapeOf(node).length > 0 && !shapeOf(node).includes(0));
    if (shapeOf(x).length === 0 || shapeOf(x).includes(0)) return undefined;
    const axis = choices.of(axesOf(x));
    const shape = (shapeOf(x) as Dim[]).with(axis, sizeFrom(choices));
    return [x, growth.exactly('int32', shape, choices), { axis }];
  },
  scatterAdd: (_, growth, choices) => {
    const updates = growth.operand(numeric, choices, (x) => shapeOf(x).length > 0);
    const shape = shapeOf(updates);
    const axis = choices.below(shape.length + 1);
    const depth = choices.below(shape.length - axis + 1);
    const indices = growth.exactly('int32', shape.slice(axis, axis + depth), choices);
    const size = choices.once(5) ? 'B' : Math.max(1, sizeFrom(choices));
    return [indices, updates, { axis, size }];
  },
  pad: (_, growth, choices) => {
    const x = growth.operand(any, choices);
    const margin = (): number[] => shapeOf(x).map((size) => (isKnown(size) ? choices.below(3) : 0));
    return [x, { before: margin(), after: margin(), value: numberOf(typeOf(x).dtype, choices) }];
  },
  reshape: (_, growth, choices) => {
    const x = growth.operand(any, choices);
    return [x, reshaped(shapeOf(x), choices)];
  },
  slice: (_, growth, choices) => {
    const x = growth.operand(any, choices, (node) => shapeOf(node).length > 0);
    const cuts = shapeOf(x).map((size) => cutOf(size, choices));
    const each = <K extends keyof Cut>(key: K): Cut[K][] => cuts.map((cut) => cut[key]);
    return [x, { starts: each('start'), sizes: each('size'), steps: each('step') }];
  },
  squeeze: (_, growth, choices) => {
    const x = growth.operand(any, choices, (node) => shapeOf(node).includes(1));
    const ones = axesOf(x).filter((axis) => shapeOf(x)[axis] === 1);
    return [x, { axis: choices.below(2) === 1 ? choices.some(ones) : null }];
  },
  expandDims: (_, growth, choices) => {
    const x = growth.operand(any, choices);
    return [x, choices.below(shapeOf(x).length + 1)];
  },
  transpose: (_, growth, choices) => {
    const x = growth.operand(any, choices, (node) => shapeOf(node).length > 1);
    return [x, choices.once(4) ? {} : { axes: choices.shuffled(axesOf(x)) }];
  },
  randomUniform: (_, growth, choices) => {
    const seed = growth.exactly('int32', [2], choices);
    const step = growth.exactly('int32', [], choices);
    const shape = [...(choices.below(2) === 1 ? ['B'] : []), sizeFrom(choices)];
    return [seed, step, { shape, stream: choices.below(3) }];
  },
  oneHot: (_, growth, choices) => [growth.operand(integer, choices), sizeFrom(choices)],
  where: (_, growth, choices) => {
    const condition = growth.operand(truth, choices);
    const a = growth.exactly(choices.of(any.accepts), shapeOf(condition), choices);
    const b = choices.once(3)
      ? growth.exactly(typeOf(a).dtype, shapeOf(condition).slice(1), choices)
      : growth.exactly(typeOf(a).dtype, shapeOf(condition), choices);
    return [condition, a, b];
  },
  sparseCategoricalCrossentropy: (card, growth, choices) => {
    const yPred = growth.operand(float, choices, (x) => shapeOf(x).length > 0 && isKnown(shapeOf(x).at(-1)!));
    const yTrue = growth.exactly('int32', shapeOf(yPred).slice(0, -1), choices);
    const fromLogits = choices.below(2) === 1;
    const scores = fromLogits ? yPred : growth.tamed(yPred, card.domain.yPred);
    return [growth.tamed(yTrue, card.domain.yTrue), scores, { fromLogits }];
  },
  sparseCategoricalAccuracy: (_, growth, choices) => {
    const yPred = growth.operand(numeric, choices, (x) => shapeOf(x).length > 0);
    return [growth.exactly('int32', shapeOf(yPred).slice(0, -1), choices), yPred];
  },
};

interface Cut {
  readonly start: number;
  readonly size: Dim;
  readonly step: number;
}

function cutOf(size: Dim, choices: Choices): Cut {
  if (!isKnown(size)) return { start: 0, size: choices.below(2) === 1 ? size : -1, step: 1 };
  if (size === 0 || choices.once(12)) return { start: 0, size: 0, step: 1 };
  const step = choices.of([1, 1, -1, 2, -2]);
  const start = choices.below(size);
  const reach = step > 0 ? Math.ceil((size - start) / step) : Math.ceil((start + 1) / -step);
  return { start: choices.once(4) ? start - size : start, size: Math.max(1, reach - choices.below(2)), step };
}

/** Another shape of as many elements: axes merged, split, dropped or added. */
function reshaped(shape: Shape, choices: Choices): Shape {
  const way = choices.below(5);
  if (way === 0) return [-1];
  if (way === 1) return shape.filter((size) => size !== 1);
  const axis = choices.below(shape.length + 1);
  if (way === 2) return [...shape.slice(0, axis), 1, ...shape.slice(axis)];
  if (way === 3 && axis + 1 < shape.length) {
    return [...shape.slice(0, axis), product([shape[axis]!, shape[axis + 1]!]), ...shape.slice(axis + 2)];
  }
  const size = shape[axis];
  if (size === undefined) return shape;
  const factor = choices.of([2, 3]);
  const rest = quotient(size, factor);
  return rest === undefined
    ? shape
    : [...shape.slice(0, axis), ...choices.shuffled<Dim>([rest, factor]), ...shape.slice(axis + 1)];
}
