/** Elements picked along an axis by their numbers. */

import { any, integer } from '../../../compiler/op/accepts.ts';
import { axisOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { integers, reals } from '../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import * as option from '../../../compiler/op/options.ts';
import type { AxisOptions, DTypeOf } from '../../../compiler/op/signatures.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import { elementAt, tabulate } from '../../../compiler/op/values.ts';
import type { Shape, Tensor, TensorLike } from '../../../dsl/tensor.ts';
import { gatherIn } from '../../tensorflow/indexing.ts';
import { scatterAdd } from './scatterAdd.ts';

type Gather = <X extends Tensor>(
  x: X,
  indices: TensorLike,
  options?: AxisOptions,
) => Tensor<Shape, DTypeOf<X>>;

/**
 * The elements of x along `axis` (the first by default) that `indices` number, from 0. The axis is replaced by the axes
 * of `indices`. A number outside the axis is taken as the nearest inside it, on every engine.
 */
export const gather: Op<Gather> = defineOp({
  name: 'gather',
  kind: 'gather',
  inputs: { x: any, indices: integer },
  options: { axis: option.axis(0) },
  type: ({ x, indices }, options, op) => {
    const axis = axisOf(options.axis, x.shape.length, op);
    if (x.shape[axis] === 0 && !indices.shape.includes(0)) {
      throw new TypeMismatch({
        message: `${op} cannot gather along axis ${axis}, which is empty`,
        blame: 0,
        expected: 'an axis with elements',
        received: typeText(x),
      });
    }
    return {
      dtype: x.dtype,
      shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)],
    };
  },
  evaluate: ({ x, indices }, options, { dtype, shape }) => {
    const axis = axisOf(options.axis, x.shape.length, 'internal');
    const depth = indices.shape.length;
    return tabulate(dtype, shape, (at) => {
      const wanted = elementAt(indices, at.slice(axis, axis + depth));
      const found = Math.min(Math.max(wanted, 0), x.shape[axis]! - 1);
      return elementAt(x, [...at.slice(0, axis), found, ...at.slice(axis + depth)]);
    });
  },
  indexed: ({ axis }, rank) => axisOf(axis, rank, 'internal'),
  gradient: ({ inputs: { x, indices }, options, dy }) => {
    const axis = axisOf(options.axis, x.shape.length, 'internal');
    return { x: scatterAdd(indices, dy, { axis, size: x.shape[axis]! }), indices: undefined };
  },
  lower: { tensorflow: (tf, { x, indices }, { axis }, type) => gatherIn(tf, x, indices, axis, type) },
  domain: { x: reals(), indices: integers({ min: 0, max: 1 }) },
  cost: 0,
  examples: [
    [
      [
        [10, 20, 30],
        [2, 0],
      ],
      [30, 10],
    ],
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
        [1, 1],
        { axis: 1 },
      ],
      [
        [2, 2],
        [4, 4],
      ],
    ],
  ],
});
