/** Rules of movement: what moves nothing, and two moves that are one. */
import { product, sameShape } from '../../compiler/ir/dim.ts';
import { constantOf } from '../../compiler/ir/facts.ts';
import { byName } from '../../compiler/ir/inputs.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { typeOf } from '../../compiler/ir/node.ts';
import type { Card } from '../../compiler/op/card.ts';
import { constant } from '../../compiler/op/leaf.ts';
import type { Rule } from '../../compiler/op/vocabulary.ts';
import type { Shape } from '../../dsl/tensor.ts';
import { less } from '../ops/comparison/less.ts';
import { cast } from '../ops/conversion/cast.ts';
import { stopGradient } from '../ops/conversion/stopGradient.ts';
import { broadcast } from '../ops/movement/broadcast.ts';
import { concat } from '../ops/movement/concat.ts';
import { pad } from '../ops/movement/pad.ts';
import { reshape } from '../ops/movement/reshape.ts';
import { slice } from '../ops/movement/slice.ts';
import { transpose } from '../ops/movement/transpose.ts';
import { max } from '../ops/reduction/max.ts';
import { sum } from '../ops/reduction/sum.ts';

const shapeOf = (node: Node): Shape => node.type!.shape;

/** The order of the axes that a transpose makes. */
function orderOf({ card, attributes, type, inputs }: Node): readonly number[] {
  const movement =
    card.kind === 'move' ? card.movement?.(byName(card, inputs.map(typeOf)), attributes, type!) : undefined;
  return movement?.as === 'view' ? (movement.axes as number[]) : [];
}

const isInOrder = (order: readonly number[]): boolean => order.every((axis, at) => axis === at);

/** Moves that take one tensor and give all of it, so that equal shapes mean equal tensors. */
const whole: readonly Card[] = [reshape.card, broadcast.card, pad.card];

function stepsOf(node: Node): readonly number[] {
  return (node.attributes.steps as readonly number[] | null) ?? shapeOf(node).map(() => 1);
}

export const movement: readonly Rule[] = [
  {
    name: 'a move to the same place = x',
    rewrite: (node) => {
      const [x] = node.inputs;
      if (!x) return undefined;
      if (whole.includes(node.card)) return sameShape(shapeOf(node), shapeOf(x)) ? x : undefined;
      if (node.card === transpose.card) return isInOrder(orderOf(node)) ? x : undefined;
      if (node.card === concat.card) return node.inputs.length === 1 ? x : undefined;
      if (node.card !== slice.card) return undefined;
      return sameShape(shapeOf(node), shapeOf(x)) && stepsOf(node).every((step) => step === 1)
        ? x
        : undefined;
    },
    examples: (x) => [
      reshape(x, x.shape),
      broadcast(x, x.shape),
      pad(x, { before: [0, 0], after: [0, 0] }),
      transpose(x, { axes: [0, 1] }),
      concat([x]),
      slice(x, { starts: [0, 0], sizes: x.shape }),
    ],
  },
  {
    name: 'a move of a constant = the constant',
    rewrite: ({ card, inputs: [x], type }) => {
      const value = constantOf(x);
      const moves = [reshape.card, broadcast.card, transpose.card, slice.card].includes(card);
      return moves && value !== undefined ? constant(value, type!.shape, type!.dtype) : undefined;
    },
    examples: () => [
      reshape(constant(2, [2, 3]), [6]),
      transpose(constant(2, [2, 3])),
      broadcast(constant(2), [4]),
    ],
  },
  {
    name: 'reshape(reshape(x)) = reshape(x)',
    rewrite: (node) => {
      const [inner] = node.inputs;
      return node.card === reshape.card && inner?.card === reshape.card
        ? reshape(inner.inputs[0]!, shapeOf(node))
        : undefined;
    },
    examples: (x) => [reshape(reshape(x, [-1]), [4, 3])],
  },
  {
    name: 'transpose(transpose(x)) = transpose(x)',
    rewrite: (node) => {
      const [inner] = node.inputs;
      if (node.card !== transpose.card || inner?.card !== transpose.card) return undefined;
      const first = orderOf(inner);
      return transpose(inner.inputs[0]!, { axes: orderOf(node).map((axis) => first[axis]!) });
    },
    examples: (x) => [transpose(transpose(x))],
  },
  {
    name: 'stretch(stretch(x)) = stretch(x)',
    rewrite: (node) => {
      const [inner] = node.inputs;
      return node.card === broadcast.card && inner?.card === broadcast.card
        ? broadcast(inner.inputs[0]!, shapeOf(node))
        : undefined;
    },
    examples: (x) => [broadcast(broadcast(x, [2, ...x.shape]), [5, 2, ...x.shape])],
  },
  {
    name: 'slice(slice(x)) = slice(x)',
    rewrite: (node) => {
      const [inner] = node.inputs;
      if (node.card !== slice.card || inner?.card !== slice.card) return undefined;
      if ([...stepsOf(node), ...stepsOf(inner)].some((step) => step !== 1)) return undefined;
      const starts = (at: Node): readonly number[] =>
        (at.attributes.starts as readonly number[]).map((start, axis) =>
          start < 0 ? start + Number(shapeOf(at.inputs[0]!)[axis]) : start,
        );
      const [outerStarts, innerStarts] = [starts(node), starts(inner)];
      return slice(inner.inputs[0]!, {
        starts: outerStarts.map((start, axis) => start + innerStarts[axis]!),
        sizes: shapeOf(node),
      });
    },
    examples: (x) => [slice(slice(x, { starts: [1, 1], sizes: [2, 3] }), { starts: [0, -1], sizes: [2, 1] })],
  },
  {
    name: 'cast(x, dtype of x) = x',
    rewrite: ({ card, inputs: [x], type }) =>
      card === cast.card && x?.type && x.type.dtype === type?.dtype ? x : undefined,
    examples: (x) => [cast(x, 'float32')],
  },
  {
    name: 'cast(cast(truth, number), number) = cast(truth, number)',
    rewrite: ({ card, inputs: [inner], type }) => {
      if (card !== cast.card || inner?.card !== cast.card || inner.inputs[0]!.type!.dtype !== 'bool')
        return undefined;
      return cast(inner.inputs[0]!, type!.dtype);
    },
    examples: (x, y) => [
      cast(cast(less(x, y), 'int32'), 'float32'),
      cast(cast(less(x, y), 'float32'), 'bool'),
    ],
  },
  {
    name: 'a fold over axes of size 1 = reshape(x)',
    rewrite: (node) => {
      const [x] = node.inputs;
      if (node.card.kind !== 'reduce' || !x) return undefined;
      // As many elements as before: each is folded with no other.
      return product(shapeOf(x)) === product(shapeOf(node)) ? reshape(x, shapeOf(node)) : undefined;
    },
    examples: (x) => [sum(x, { axis: [] }), max(reshape(x, [3, 1, 4]), { axis: 1 })],
  },
  {
    // Simplification comes after differentiation, which is the only reader of the mark.
    name: 'stopGradient(x) = x',
    rewrite: ({ card, inputs: [x] }) => (card === stopGradient.card ? x : undefined),
    examples: (x) => [stopGradient(x)],
  },
];
