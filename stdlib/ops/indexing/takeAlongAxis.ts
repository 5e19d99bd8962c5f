/** One element picked in each row. */
import { any, integer } from '../../../compiler/op/accepts.ts';
import { axisOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { integers, reals } from '../../../compiler/op/domain.ts';
import { dimension, iota } from '../../../compiler/op/leaf.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import * as option from '../../../compiler/op/options.ts';
import type { AxisOptions, DTypeOf, ShapeOf } from '../../../compiler/op/signatures.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { add } from '../arithmetic/add.ts';
import { maximum } from '../arithmetic/maximum.ts';
import { minimum } from '../arithmetic/minimum.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { reshape } from '../movement/reshape.ts';
import { gather } from './gather.ts';

type TakeAlongAxis = <X extends Tensor, I extends Tensor>(
  x: X,
  indices: I,
  options?: AxisOptions,
) => Tensor<ShapeOf<I>, DTypeOf<X>>;

/**
 * For each element of `indices`, the element of x at the same place but for `axis` (the last by default), where the
 * index says: `argMax` picked back. All other axes are equal. An index outside the axis is taken as the nearest inside.
 */
export const takeAlongAxis: Op<TakeAlongAxis> = composite({
  name: 'takeAlongAxis',
  inputs: { x: any, indices: integer },
  options: { axis: option.axis(-1) },
  body: ({ x, indices }, options) => {
    const axis = axisOf(options.axis, x.shape.length, 'takeAlongAxis');
    const fits =
      indices.shape.length === x.shape.length &&
      x.shape.every((size, at) => at === axis || size === indices.shape[at]);
    if (!fits) {
      throw new TypeMismatch({
        message: 'takeAlongAxis needs an index for each place of its input',
        blame: 1,
        expected: typeText({ dtype: 'int32', shape: x.shape.map((size, at) => (at === axis ? '_' : size)) }),
        received: typeText(indices),
      });
    }
    // The place in row-major order, axis by axis.
    let place: Tensor | undefined;
    for (const [at, size] of x.shape.entries()) {
      const highest = add(dimension(size, 'int32'), -1);
      const inside = at === axis ? maximum(minimum(indices, highest), 0) : iota(indices.shape, at);
      place = place ? add(multiply(place, dimension(size, 'int32')), inside) : inside;
    }
    return gather(reshape(x, [-1]), place!);
  },
  domain: { x: reals(), indices: integers({ min: 0, max: 1 }) },
  examples: [
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
        [[1], [0]],
      ],
      [[2], [3]],
    ],
  ],
});
