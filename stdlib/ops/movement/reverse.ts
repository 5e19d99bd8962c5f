/** A tensor back to front. */

import { any } from '../../../compiler/op/accepts.ts';
import { axesOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { DTypeOf, ShapeOf } from '../../../compiler/op/signatures.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { slice } from './slice.ts';

type Reverse = <X extends Tensor>(
  x: X,
  options?: { readonly axis?: number | readonly number[] | null },
) => Tensor<ShapeOf<X>, DTypeOf<X>>;

/** x with the order of its elements reversed along `axis`, or along all axes. */
export const reverse: Op<Reverse> = composite({
  name: 'reverse',
  inputs: { x: any },
  options: { axis: option.axes(null) },
  body: ({ x }, { axis }) => {
    const turned = axesOf(axis, x.shape.length, 'reverse');
    return slice(x, {
      starts: x.shape.map((_, at) => (turned.includes(at) ? -1 : 0)),
      sizes: x.shape,
      steps: x.shape.map((_, at) => (turned.includes(at) ? -1 : 1)),
    });
  },
  domain: { x: reals() },
  examples: [
    [[[1, 2, 3]], [3, 2, 1]],
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
        { axis: 0 },
      ],
      [
        [3, 4],
        [1, 2],
      ],
    ],
  ],
});
