/** A tensor with an axis of size 1 more. */

import { any } from '../../../compiler/op/accepts.ts';
import { axisOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { DTypeOf } from '../../../compiler/op/signatures.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { reshape } from './reshape.ts';

type ExpandDims = <X extends Tensor>(x: X, options?: { readonly axis?: number }) => Tensor<Shape, DTypeOf<X>>;

/** x with a new axis of size 1 at `axis` of the result, the last by default. */
export const expandDims: Op<ExpandDims> = composite({
  name: 'expandDims',
  inputs: { x: any },
  options: { axis: option.axis(-1) },
  positional: ['axis'],
  body: ({ x }, { axis }) => {
    const at = axisOf(axis, x.shape.length + 1, 'expandDims');
    return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
  },
  domain: { x: reals() },
  examples: [
    [[[1, 2]], [[1], [2]]],
    [[[1, 2], { axis: 0 }], [[1, 2]]],
  ],
});
