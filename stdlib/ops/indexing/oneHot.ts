/** Class numbers as rows of zeros with a one. */
import { integer } from '../../../compiler/op/accepts.ts';
import { axisOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { integers } from '../../../compiler/op/domain.ts';
import { iota } from '../../../compiler/op/leaf.ts';
import * as option from '../../../compiler/op/options.ts';
import type { ShapeOf } from '../../../compiler/op/signatures.ts';
import type { Dim, DType, Shape, Tensor } from '../../../dsl/tensor.ts';
import { equal } from '../comparison/equal.ts';
import { cast } from '../conversion/cast.ts';
import { expandDims } from '../movement/expandDims.ts';

type OneHot = {
  <X extends Tensor, N extends number>(
    indices: X,
    classes: N,
  ): Tensor<readonly [...ShapeOf<X>, N], 'float32'>;
  (
    indices: Tensor,
    classes: number,
    options: { readonly axis?: number; readonly dtype?: DType },
  ): Tensor<Shape>;
};

/** A new axis of size `classes`, the last by default, with 1 at the number and 0 elsewhere; nowhere 1 if it is outside. */
export const oneHot: Op<OneHot> = composite({
  name: 'oneHot',
  inputs: { indices: integer },
  options: { classes: option.count(), axis: option.axis(-1), dtype: option.dtype('float32') },
  positional: ['classes'],
  body: ({ indices }, { classes, axis: given, dtype }) => {
    const axis = axisOf(given, indices.shape.length + 1, 'oneHot');
    const shape = (indices.shape as Dim[]).toSpliced(axis, 0, classes);
    return cast(equal(expandDims(indices, { axis }), iota(shape, axis)), dtype);
  },
  domain: { indices: integers({ min: 0, max: 2 }) },
  examples: [
    [
      [[0, 2], 3],
      [
        [1, 0, 0],
        [0, 0, 1],
      ],
    ],
  ],
});
