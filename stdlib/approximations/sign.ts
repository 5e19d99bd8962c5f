/** The sign bit of a binary32. */
import type { Scalar, ScalarBuilder } from '../../compiler/op/scalar.ts';

/** `size`, which is not negative, with the sign of x, zeros included. */
export function withSignOf(s: ScalarBuilder, x: Scalar, size: Scalar): Scalar {
  return s.ofBits(s.or(s.bitsOf(size), s.and(s.bitsOf(x), s.i32(-(2 ** 31)))));
}
