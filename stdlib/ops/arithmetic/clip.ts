/** x held between two numbers. */

import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { DTypeOf, ShapeOf } from '../../../compiler/op/signatures.ts';
import type { Tensor, TensorLike } from '../../../dsl/tensor.ts';
import { less } from '../comparison/less.ts';
import { where } from '../comparison/where.ts';

type Clip = <X extends TensorLike>(x: X, min: number, max: number) => Tensor<ShapeOf<X>, DTypeOf<X>>;

/** x, but `min` where it is less and `max` where it is more. The gradient is that of x inside, bounds included, else 0. */
export const clip: Op<Clip> = composite({
  name: 'clip',
  inputs: { x: numeric },
  options: { min: option.number(), max: option.number() },
  positional: ['min', 'max'],
  body: ({ x }, { min, max }) => where(less(x, min), min, where(less(max, x), max, x)),
  domain: { x: reals() },
  examples: [
    [
      [[-5, 0.5, 5], { min: -1, max: 1 }],
      [-1, 0.5, 1],
    ],
  ],
});
