/** x, or a small part of it below 0 */
import { float } from '../../../../compiler/op/accepts.ts';
import type { Op } from '../../../../compiler/op/card.ts';
import { composite } from '../../../../compiler/op/define/define-op.ts';
import { reals } from '../../../../compiler/op/domain.ts';
import { monotone } from '../../../../compiler/op/law.ts';
import * as option from '../../../../compiler/op/options.ts';
import type { ShapeOf } from '../../../../compiler/op/signatures.ts';
import type { Tensor, TensorLike } from '../../../../dsl/tensor.ts';
import { multiply } from '../../arithmetic/multiply.ts';
import { lessEqual } from '../../comparison/lessEqual.ts';
import { where } from '../../comparison/where.ts';

type LeakyRelu = <X extends TensorLike>(
  x: X,
  options?: { readonly negativeSlope?: number },
) => Tensor<ShapeOf<X>, 'float32'>;

/** x above 0, negativeSlope · x elsewhere. */
export const leakyRelu: Op<LeakyRelu> = composite({
  name: 'leakyRelu',
  family: 'activation',
  inputs: { x: float },
  options: { negativeSlope: option.number(0.2) },
  body: ({ x }, { negativeSlope }) => where(lessEqual(x, 0), multiply(x, negativeSlope), x),
  domain: { x: reals({ kinks: [0] }) },
  laws: [monotone],
  examples: [
    [[[-2, 3]], [-0.4, 3]],
    [
      [[-2, 3], { negativeSlope: 0.5 }],
      [-1, 3],
    ],
  ],
});
