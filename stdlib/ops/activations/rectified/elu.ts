/** x, or α(eˣ − 1) below 0 */
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
import { expm1 } from '../../exponential/expm1.ts';

type Elu = <X extends TensorLike>(
  x: X,
  options?: { readonly alpha?: number },
) => Tensor<ShapeOf<X>, 'float32'>;

/** The exponential linear unit: x above 0, alpha · (eˣ − 1) elsewhere (Clevert et al. 2016). */
export const elu: Op<Elu> = composite({
  name: 'elu',
  family: 'activation',
  inputs: { x: float },
  options: { alpha: option.number(1) },
  body: ({ x }, { alpha }) => {
    // Above 0 the exponential could overflow, and 0 · ∞ would reach the gradient.
    const low = lessEqual(x, 0);
    return where(low, multiply(expm1(where(low, x, 0)), alpha), x);
  },
  domain: { x: reals({ kinks: [0] }) },
  laws: [monotone],
  examples: [[[[-1, 2]], [-0.6321205588285577, 2]]],
});
