/** Stretches a tensor to a larger shape. A card of the language itself: elementwise ops of every vocabulary insert it. */
import type { Shape } from '../../dsl/tensor.ts';
import { SHP202 } from '../diagnostics/shape.ts';
import { broadcastShapes, sameShape, shapeText } from '../ir/dim.ts';
import { any } from './accepts.ts';
import type { Primitive } from './card.ts';
import { primitiveCard } from './define/primitive.ts';
import { reals } from './domain.ts';
import { TypeMismatch } from './mismatch.ts';
import * as option from './options.ts';
import { elementAt, tabulate } from './values.ts';

/** For each axis of the result, the axis of x it walks along, or null where x is stretched. */
function sources(from: Shape, to: Shape): (number | null)[] {
  const lead = to.length - from.length;
  return to.map((size, axis) => (axis >= lead && from[axis - lead] === size ? axis - lead : null));
}

/** x stretched to `shape` by NumPy's rule: axes are aligned at the last, and an axis of size 1 is repeated. */
export const broadcastCard: Primitive = primitiveCard({
  name: 'broadcast',
  kind: 'move',
  inputs: { x: any },
  options: { shape: option.dims() },
  positional: ['shape'],
  type: ({ x }, { shape }, op) => {
    const joint = broadcastShapes(x.shape, shape);
    if (joint && sameShape(joint, shape)) return { dtype: x.dtype, shape };
    throw new TypeMismatch({
      code: SHP202,
      message: `${op} cannot stretch ${shapeText(x.shape)} to ${shapeText(shape)}`,
      blame: 0,
      expected: `a shape that stretches to ${shapeText(shape)}`,
      received: shapeText(x.shape),
      hint: 'axes are aligned from the last; each must have the target’s size, or 1',
    });
  },
  evaluate: ({ x }, _, { dtype, shape }) => {
    const lead = shape.length - x.shape.length;
    return tabulate(dtype, shape, (at) =>
      elementAt(
        x,
        x.shape.map((size, axis) => (size === 1 ? 0 : at[axis + lead]!)),
      ),
    );
  },
  movement: ({ x }, _, { shape }) => ({ as: 'view', axes: sources(x.shape, shape) }),
  gradient: ({ inputs: { x }, dy, y, roles }) => {
    const axis = sources(x.shape, y.shape).flatMap((from, at) => (from === null ? [at] : []));
    return { x: roles.reshape(roles.sum(dy, { axis }), x.shape) };
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
});
