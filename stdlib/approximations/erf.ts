/** erf x in binary32. */
import type { Scalar, ScalarBuilder } from '../../compiler/op/scalar.ts';
import { erfNear0, erfTail } from './constants.ts';
import { expOf } from './exp.ts';
import { withSignOf } from './sign.ts';

/** erf x: a polynomial up to 1, 1 − e^polynomial beyond; within 2 ulp. */
export function erfOf(s: ScalarBuilder, x: Scalar): Scalar {
  // From 4 on the result rounds to 1.
  const size = s.min(s.abs(x), 4);
  const square = s.mul(size, size);
  const near = s.add(size, s.mul(size, s.polynomial(square, erfNear0)));
  const far = s.sub(s.f32(1), expOf(s, s.polynomial(size, erfTail)));
  return withSignOf(s, x, s.select(s.lt(size, 1), near, far));
}
