/** x · Φ(x) */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { ShapeOf } from '../../../compiler/op/signatures.ts';
import type { Tensor, TensorLike } from '../../../dsl/tensor.ts';
import { add } from '../arithmetic/add.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { square } from '../arithmetic/square.ts';
import { tanh } from '../hyperbolic/tanh.ts';
import { erf } from '../special/erf.ts';

type Gelu = <X extends TensorLike>(
  x: X,
  options?: { readonly approximate?: boolean },
) => Tensor<ShapeOf<X>, 'float32'>;

/**
 * The Gaussian error linear unit, x · Φ(x) with Φ the normal distribution function (Hendrycks & Gimpel 2016). With
 * `approximate`, the default as in Keras, Φ is taken by a tanh.
 */
export const gelu: Op<Gelu> = composite({
  name: 'gelu',
  family: 'activation',
  inputs: { x: float },
  options: { approximate: option.flag(true) },
  body: ({ x }, { approximate }) => {
    const share = approximate
      ? tanh(multiply(multiply(x, add(multiply(square(x), 0.044715), 1)), Math.sqrt(2 / Math.PI)))
      : erf(multiply(x, Math.SQRT1_2));
    return multiply(multiply(x, 0.5), add(share, 1));
  },
  domain: { x: reals() },
  examples: [
    [
      [[0, 1], { approximate: false }],
      [0, 0.8413447460685429],
    ],
  ],
});
