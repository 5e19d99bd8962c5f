/** Stretches a tensor to a larger shape. */

import { SHP202 } from '../../../compiler/diagnostics/shape.ts';
import { broadcastShapes, sameShape, shapeText } from '../../../compiler/ir/dim.ts';
import { any } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { TypeMismatch } from '../../../compiler/op/card.ts';
import { broadcastBy, defineOp } from '../../../compiler/op/define.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { DTypeOf } from '../../../compiler/op/signatures.ts';
import { elementAt, tabulate } from '../../../compiler/op/values.ts';
import type { Shape, Tensor, TensorLike } from '../../../dsl/tensor.ts';
import { sum } from '../reduction/sum.ts';
import { reshape } from './reshape.ts';

type BroadcastTo = <X extends TensorLike, const S extends Shape>(x: X, shape: S) => Tensor<S, DTypeOf<X>>;

/** For each axis of the result, the axis of x it walks along, or null where x is stretched. */
function sources(from: Shape, to: Shape): (number | null)[] {
  const lead = to.length - from.length;
  return to.map((size, axis) => (axis >= lead && from[axis - lead] === size ? axis - lead : null));
}

/** x stretched to `shape` by NumPy's rule: axes are aligned at the last, and an axis of size 1 is repeated. */
export const broadcast: Op<BroadcastTo> = broadcastBy(
  defineOp<BroadcastTo>({
    name: 'broadcast',
    kind: 'move',
    inputs: { x: any },
    options: { shape: option.dims() },
    positional: ['shape'],
    type: ([x], attributes, op) => {
      const shape = attributes.shape as Shape;
      const joint = broadcastShapes(x!.shape, shape);
      if (joint && sameShape(joint, shape)) return { dtype: x!.dtype, shape };
      throw new TypeMismatch({
        code: SHP202,
        message: `${op} cannot stretch ${shapeText(x!.shape)} to ${shapeText(shape)}`,
        blame: 0,
        expected: `a shape that stretches to ${shapeText(shape)}`,
        received: shapeText(x!.shape),
        hint: 'axes are aligned from the last; each must have the target’s size, or 1',
      });
    },
    evaluate: ([x], _, { dtype, shape }) => {
      const lead = shape.length - x!.shape.length;
      return tabulate(dtype, shape as number[], (at) =>
        elementAt(
          x!,
          x!.shape.map((size, axis) => (size === 1 ? 0 : at[axis + lead]!)),
        ),
      );
    },
    movement: ([x], _, { shape }) => ({ as: 'view', axes: sources(x!.shape, shape) }),
    gradient: ({ inputs: [x], dy, y }) => {
      const stretched = sources(x!.shape, y.shape).flatMap((from, axis) => (from === null ? [axis] : []));
      return [reshape(sum(dy, { axis: stretched }), x!.shape)];
    },
    lower: {},
    domain: { x: reals() },
    cost: 0,
    examples: [
      [
        [
          [1, 2],
          [2, 2],
        ],
        [
          [1, 2],
          [1, 2],
        ],
      ],
      [
        [
          [[1], [2]],
          [2, 3],
        ],
        [
          [1, 1, 1],
          [2, 2, 2],
        ],
      ],
    ],
  }),
);
