/** sin and cos in binary32, by reduction to |r| ≤ π/4. */
import type { Scalar, ScalarBuilder } from '../../compiler/op/scalar.ts';
import { cosineTail, halfPi, sineTail } from './constants.ts';

const signBit = -(2 ** 31);

/** sin of x + quarterTurns · π/2. Good for |x| up to about 10⁵; beyond, bounded by 1 but no more than that. */
function sineAfter(s: ScalarBuilder, x: Scalar, quarterTurns: 0 | 1): Scalar {
  const n = s.nearest(s.mul(x, 2 / Math.PI));
  const reduced = halfPi.reduce((rest, part) => s.sub(rest, s.mul(n, part)), x);
  const r = s.max(s.min(reduced, 0.79), -0.79);
  const square = s.mul(r, r);
  const sine = s.add(r, s.mul(s.mul(square, r), s.polynomial(square, sineTail)));
  const tail = s.mul(s.mul(square, square), s.polynomial(square, cosineTail));
  const cosine = s.add(s.sub(s.f32(1), s.mul(square, 0.5)), tail);
  const quadrant = s.add(s.toInt(n), quarterTurns);
  const value = s.select(s.eq(s.and(quadrant, 1), s.i32(0)), sine, cosine);
  const sign = s.and(s.shl(quadrant, 30), s.i32(signBit));
  return s.ofBits(s.xor(s.bitsOf(value), sign));
}

/** sin x: within 2 ulp, or 10⁻⁷ near its zeros. */
export function sineOf(s: ScalarBuilder, x: Scalar): Scalar {
  // sin(−0) = −0, which the reduction would lose.
  return s.select(s.eq(x, 0), x, sineAfter(s, x, 0));
}

/** cos x: within 2 ulp, or 10⁻⁷ near its zeros. */
export function cosineOf(s: ScalarBuilder, x: Scalar): Scalar {
  return sineAfter(s, x, 1);
}
