/** tanh x in binary32. */
import type { Scalar, ScalarBuilder } from '../../compiler/op/scalar.ts';
import { expm1Of } from './expm1.ts';
import { withSignOf } from './sign.ts';

/** tanh x = t/(t + 2) with t = e^(2|x|) − 1: within 3 ulp, exact to the sign of 0. */
export function tanhOf(s: ScalarBuilder, x: Scalar): Scalar {
  // From 9.1 on the result rounds to 1.
  const t = expm1Of(s, s.mul(s.min(s.abs(x), 9.1), 2));
  return withSignOf(s, x, s.div(t, s.add(t, 2)));
}
