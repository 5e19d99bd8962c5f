/** Tensors end to end. */

import { SHP207 } from '../../../compiler/diagnostics/shape.ts';
import { list } from '../../../compiler/op/accepts.ts';
import { axisOf } from '../../../compiler/op/axes.ts';
import type { Op, TensorType } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import * as option from '../../../compiler/op/options.ts';
import type { AxisOptions, DTypeOf } from '../../../compiler/op/signatures.ts';
import { sameDType } from '../../../compiler/op/type-rules.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import { elementAt, tabulate } from '../../../compiler/op/values.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { slice } from './slice.ts';

type Concat = <const L extends readonly Tensor[]>(
  tensors: L,
  options?: AxisOptions,
) => Tensor<Shape, DTypeOf<L[number]>>;

function joined(tensors: readonly TensorType[], along: number, op: string): TensorType {
  const first = tensors[0];
  if (!first)
    throw new TypeMismatch({ message: `${op} needs at least one tensor`, received: 'an empty list' });
  sameDType(tensors, op);
  const axis = axisOf(along, first.shape.length, op);
  let length = 0;
  for (const [i, { shape, dtype }] of tensors.entries()) {
    const fits =
      shape.length === first.shape.length &&
      shape.every((size, at) => at === axis || size === first.shape[at]);
    if (!fits) {
      throw new TypeMismatch({
        message: `${op} cannot join ${typeText(first)} and ${typeText({ shape, dtype })} along axis ${axis}`,
        blame: i,
        expected: typeText({ dtype, shape: first.shape.map((size, at) => (at === axis ? '_' : size)) }),
        received: typeText({ shape, dtype }),
        hint: 'all axes but the joined one must be equal',
      });
    }
    const size = shape[axis]!;
    if (typeof size === 'string') {
      throw new TypeMismatch({
        code: SHP207,
        message: `${op} must know the size of axis ${axis} before the program runs`,
        blame: i,
        expected: 'a known size along the joined axis',
        received: typeText({ shape, dtype }),
      });
    }
    length += size;
  }
  return { dtype: first.dtype, shape: first.shape.map((size, at) => (at === axis ? length : size)) };
}

/** Where each tensor starts along the joined axis. */
function startsAlong(tensors: readonly { readonly shape: Shape }[], axis: number): number[] {
  let end = 0;
  return tensors.map(({ shape }) => {
    const start = end;
    end += shape[axis] as number;
    return start;
  });
}

/** Tensors end to end along an axis that they already have, the last by default; all other axes are equal. */
export const concat: Op<Concat> = defineOp({
  name: 'concat',
  kind: 'move',
  inputs: { tensors: list },
  options: { axis: option.axis(-1) },
  type: ({ tensors }, { axis }, op) => joined(tensors, axis, op),
  evaluate: ({ tensors }, options, { dtype, shape }) => {
    const axis = axisOf(options.axis, shape.length, 'internal');
    const starts = startsAlong(tensors, axis);
    return tabulate(dtype, shape, (at) => {
      const part = starts.findLastIndex((start, i) => start <= at[axis]! && tensors[i]!.shape[axis]! > 0);
      return elementAt(
        tensors[part]!,
        at.map((coordinate, a) => (a === axis ? coordinate - starts[part]! : coordinate)),
      );
    });
  },
  movement: ({ tensors }, options, { shape }) => {
    const axis = axisOf(options.axis, shape.length, 'internal');
    const starts = startsAlong(tensors, axis).map((start) => shape.map((_, a) => (a === axis ? start : 0)));
    return { as: 'place', fill: 0, starts };
  },
  gradient: ({ inputs: { tensors }, options, dy }) => {
    const axis = axisOf(options.axis, dy.shape.length, 'internal');
    const starts = startsAlong(tensors, axis);
    const parts = tensors.map((x, i) =>
      slice(dy, { starts: dy.shape.map((_, a) => (a === axis ? starts[i]! : 0)), sizes: x.shape }),
    );
    return { tensors: parts };
  },
  lower: {},
  domain: { tensors: reals() },
  cost: 0,
  examples: [
    [[[[1, 2], [3]]], [1, 2, 3]],
    [
      [
        [
          [[1], [2]],
          [[3], [4]],
        ],
        { axis: -1 },
      ],
      [
        [1, 3],
        [2, 4],
      ],
    ],
  ],
});
