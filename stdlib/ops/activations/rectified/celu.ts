/** x, or α(e^(x/α) − 1) below 0 */
import { float } from '../../../../compiler/op/accepts.ts';
import type { Op } from '../../../../compiler/op/card.ts';
import { composite } from '../../../../compiler/op/define/define-op.ts';
import { reals } from '../../../../compiler/op/domain.ts';
import { monotone } from '../../../../compiler/op/law.ts';
import * as option from '../../../../compiler/op/options.ts';
import type { ShapeOf } from '../../../../compiler/op/signatures.ts';
import type { Tensor, TensorLike } from '../../../../dsl/tensor.ts';
import { divide } from '../../arithmetic/divide.ts';
import { multiply } from '../../arithmetic/multiply.ts';
import { lessEqual } from '../../comparison/lessEqual.ts';
import { where } from '../../comparison/where.ts';
import { expm1 } from '../../exponential/expm1.ts';

type Celu = <X extends TensorLike>(
  x: X,
  options?: { readonly alpha?: number },
) => Tensor<ShapeOf<X>, 'float32'>;

/** The continuously differentiable exponential linear unit: max(x, 0) + min(0, alpha · (e^(x/alpha) − 1)) (Barron 2017). */
export const celu: Op<Celu> = composite({
  name: 'celu',
  family: 'activation',
  inputs: { x: float },
  options: { alpha: option.number(1) },
  body: ({ x }, { alpha }) => {
    // Above 0 the exponential could overflow, and 0 · ∞ would reach the gradient.
    const low = lessEqual(x, 0);
    return where(low, multiply(expm1(divide(where(low, x, 0), alpha)), alpha), x);
  },
  domain: { x: reals({ kinks: [0] }) },
  laws: [monotone],
  examples: [
    [[[-1, 2]], [-0.6321205588285577, 2]],
    [
      [[-1, 2], { alpha: 2 }],
      [-0.7869386805747332, 2],
    ],
  ],
});
