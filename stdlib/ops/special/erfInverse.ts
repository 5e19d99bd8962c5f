/** The inverse of erf. */

import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone, odd } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { add } from '../arithmetic/add.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { neg } from '../arithmetic/neg.ts';
import { subtract } from '../arithmetic/subtract.ts';
import { less } from '../comparison/less.ts';
import { where } from '../comparison/where.ts';
import { log } from '../exponential/log.ts';
import { sqrt } from '../exponential/sqrt.ts';

/* M. Giles, "Approximating the erfinv function", GPU Computing Gems Jade (2011): single precision. */
const centre = [
  1.50140941, 0.246640727, -0.00417768164, -0.00125372503, 0.00021858087, -4.39150654e-6, -3.5233887e-6,
  3.43273939e-7, 2.81022636e-8,
];
const tail = [
  2.83297682, 1.00167406, 0.00943887047, -0.0076136693, 0.00573950773, -0.00367342844, 0.00134934322,
  0.000100950558, -0.000200214257,
];

/** c₁x + c₂x² + … by Horner's rule. */
function polynomial(x: Tensor, coefficients: readonly number[]): Tensor {
  const highest = multiply(x, coefficients.at(-1)!);
  return coefficients
    .slice(1, -1)
    .reduceRight<Tensor>((value, coefficient) => multiply(add(value, coefficient), x), highest);
}

/** The number whose erf is x, for |x| < 1; to about 3·10⁻⁷ of its size. */
export const erfInverse: Op<Elementwise> = composite({
  name: 'erfInverse',
  inputs: { x: float },
  body: ({ x }) => {
    const w = neg(log(multiply(subtract(1, x), add(x, 1))));
    const central = less(w, 5);
    const near = add(polynomial(subtract(w, 2.5), centre), centre[0]!);
    // Near 0 the root's slope is infinite, which even an unchosen branch would pass on.
    const far = add(polynomial(subtract(sqrt(where(central, 5, w)), 3), tail), tail[0]!);
    return multiply(where(central, near, far), x);
  },
  domain: { x: reals({ min: -0.99, max: 0.99 }) },
  laws: [odd, monotone],
  examples: [[[[0, 0.8427007929497149]], [0, 1]]],
});
