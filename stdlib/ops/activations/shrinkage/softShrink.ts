/** x pulled toward 0 */
import { float } from '../../../../compiler/op/accepts.ts';
import type { Op } from '../../../../compiler/op/card.ts';
import { composite } from '../../../../compiler/op/define/define-op.ts';
import { reals } from '../../../../compiler/op/domain.ts';
import { monotone, odd } from '../../../../compiler/op/law.ts';
import * as option from '../../../../compiler/op/options.ts';
import type { ShapeOf } from '../../../../compiler/op/signatures.ts';
import type { Tensor, TensorLike } from '../../../../dsl/tensor.ts';
import { add } from '../../arithmetic/add.ts';
import { multiply } from '../../arithmetic/multiply.ts';
import { subtract } from '../../arithmetic/subtract.ts';
import { less } from '../../comparison/less.ts';
import { where } from '../../comparison/where.ts';

type SoftShrink = <X extends TensorLike>(
  x: X,
  options?: { readonly threshold?: number },
) => Tensor<ShapeOf<X>, 'float32'>;

/** x − threshold above it, x + threshold below −threshold, else 0. */
export const softShrink: Op<SoftShrink> = composite({
  name: 'softShrink',
  family: 'activation',
  inputs: { x: float },
  options: { threshold: option.number(0.5) },
  body: ({ x }, { threshold }) =>
    where(
      less(threshold, x),
      subtract(x, threshold),
      where(less(x, -threshold), add(x, threshold), multiply(x, 0)),
    ),
  domain: { x: reals({ kinks: [-0.5, 0.5] }) },
  laws: [odd, monotone],
  examples: [[[[-1, 0.3, 2]], [-0.5, 0, 1.5]]],
});
