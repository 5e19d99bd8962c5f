/** The axes of a tensor in another order. */

import { SHP203 } from '../../../compiler/diagnostics/shape.ts';
import { any } from '../../../compiler/op/accepts.ts';
import { axisOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import * as option from '../../../compiler/op/options.ts';
import type { DTypeOf, ShapeOf } from '../../../compiler/op/signatures.ts';
import { offsetOf, tabulate } from '../../../compiler/op/values.ts';
import type { Dim, Shape, Tensor } from '../../../dsl/tensor.ts';

type Transposed<S extends Shape, O> = O extends { readonly axes: unknown }
  ? Shape
  : S extends readonly [infer A extends Dim, infer B extends Dim]
    ? readonly [B, A]
    : Shape;
type Transpose = <
  X extends Tensor,
  const O extends { readonly axes?: readonly number[] | null } = Record<never, never>,
>(
  x: X,
  options?: O,
) => Tensor<Transposed<ShapeOf<X>, O>, DTypeOf<X>>;

const order = option.option(
  'a list of axes, or null to reverse them',
  (value): value is readonly number[] | null => value === null || option.isListOf(option.isWhole)(value),
);

function orderOf(axes: readonly number[] | null, rank: number, op: string): number[] {
  if (axes === null) return Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  const order = axes.map((axis) => axisOf(axis, rank, op));
  if (order.length === rank && new Set(order).size === rank) return order;
  throw new TypeMismatch({
    code: SHP203,
    message: `${op} needs each axis of its input once`,
    blame: 0,
    expected: `a permutation of the axes 0 to ${rank - 1}`,
    received: `axes ${JSON.stringify(axes)}`,
  });
}

/** x with its axes in another order: axis i of the result is axis `axes[i]` of x. By default they are reversed. */
export const transpose: Op<Transpose> = defineOp({
  name: 'transpose',
  kind: 'move',
  inputs: { x: any },
  options: { axes: order(null) },
  type: ({ x }, { axes }, op) => {
    const order = orderOf(axes, x.shape.length, op);
    return { dtype: x.dtype, shape: order.map((axis) => x.shape[axis]!) };
  },
  evaluate: ({ x }, { axes }, { dtype, shape }) => {
    const order = orderOf(axes, shape.length, 'internal');
    const from = shape.map(() => 0);
    return tabulate(dtype, shape, (at) => {
      order.forEach((axis, i) => {
        from[axis] = at[i]!;
      });
      return x.data[offsetOf(x.shape, from)]!;
    });
  },
  movement: ({ x }, { axes }) => ({ as: 'view', axes: orderOf(axes, x.shape.length, 'internal') }),
  gradient: ({ inputs: { x }, options, dy }) => {
    const order = orderOf(options.axes, x.shape.length, 'internal');
    return { x: transpose(dy, { axes: order.map((_, axis) => order.indexOf(axis)) }) };
  },
  lower: {},
  domain: { x: reals() },
  cost: 0,
  examples: [
    [
      [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
      ],
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
    ],
  ],
});
