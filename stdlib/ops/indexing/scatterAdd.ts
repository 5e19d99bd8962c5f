/** Sums gathered under numbers: what brings gradients back through a gather. */

import { sameShape } from '../../../compiler/ir/dim.ts';
import { integer, numeric } from '../../../compiler/op/accepts.ts';
import { axisOf } from '../../../compiler/op/axes.ts';
import type { Op, TensorType } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { integers, reals } from '../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import * as option from '../../../compiler/op/options.ts';
import type { DTypeOf } from '../../../compiler/op/signatures.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import { elementAt, filled, offsetOf, tabulate } from '../../../compiler/op/values.ts';
import type { Dim, Shape, Tensor } from '../../../dsl/tensor.ts';
import { scatterAddIn } from '../../tensorflow/indexing.ts';
import { gather } from './gather.ts';

export interface ScatterOptions {
  /** Where in the result the numbered axis stands; the first by default. */
  readonly axis?: number | undefined;
  /** The size of that axis. */
  readonly size: Dim;
}
type ScatterAdd = <U extends Tensor>(
  indices: Tensor,
  updates: U,
  options: ScatterOptions,
) => Tensor<Shape, DTypeOf<U>>;

function scattered(
  { indices, updates }: { readonly indices: TensorType; readonly updates: TensorType },
  { axis: given, size }: { readonly axis: number; readonly size: Dim },
  op: string,
): TensorType {
  const depth = indices.shape.length;
  const axis = axisOf(given, updates.shape.length - depth + 1, op);
  if (!sameShape(updates.shape.slice(axis, axis + depth), indices.shape)) {
    throw new TypeMismatch({
      message: `${op} needs one update for each index`,
      blame: 1,
      expected: `the axes of ${typeText(indices)} from axis ${axis} on`,
      received: typeText(updates),
    });
  }
  if (size === 0 && !updates.shape.includes(0)) {
    throw new TypeMismatch({
      message: `${op} cannot scatter along axis ${axis}, which is empty`,
      expected: 'a size of 1 or more',
      received: 'size 0',
    });
  }
  const rest = updates.shape;
  return {
    dtype: updates.dtype,
    shape: [...rest.slice(0, axis), size, ...rest.slice(axis + depth)],
  };
}

/**
 * Zeros of size `size` along `axis`, with each update added where its index says: the adjoint of `gather`. A number
 * outside the axis is taken as the nearest inside it.
 */
export const scatterAdd: Op<ScatterAdd> = defineOp({
  name: 'scatterAdd',
  kind: 'scatter',
  inputs: { indices: integer, updates: numeric },
  options: { axis: option.axis(0), size: option.dim() },
  type: scattered,
  evaluate: ({ indices, updates }, options, { dtype, shape }) => {
    const result = filled(dtype, shape, 0);
    const axis = axisOf(options.axis, shape.length, 'internal');
    const depth = indices.shape.length;
    let i = 0;
    tabulate(dtype, updates.shape, (at) => {
      const wanted = elementAt(indices, at.slice(axis, axis + depth));
      const found = Math.min(Math.max(wanted, 0), (shape[axis] as number) - 1);
      const slot = offsetOf(result.shape, [...at.slice(0, axis), found, ...at.slice(axis + depth)]);
      result.data[slot] = result.data[slot]! + updates.data[i++]!;
      return 0;
    });
    return result;
  },
  indexed: ({ axis }, rank) => axisOf(axis, rank, 'internal'),
  gradient: ({ inputs: { indices }, options, dy }) => ({
    indices: undefined,
    updates: gather(dy, indices, { axis: options.axis }),
  }),
  lower: {
    tensorflow: (tf, { indices, updates }, { axis }, type) => scatterAddIn(tf, indices, updates, axis, type),
  },
  domain: { indices: integers({ min: 0, max: 1 }), updates: reals() },
  examples: [
    [
      [[0, 2, 0], [1, 2, 3], { size: 3 }],
      [4, 0, 2],
    ],
  ],
});
