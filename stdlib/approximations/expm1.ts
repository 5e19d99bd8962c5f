/** eˣ − 1 in binary32, exact near 0 too. */
import type { Scalar, ScalarBuilder } from '../../compiler/op/scalar.ts';
import { expm1Near0, powerOf2, reduceByLn2 } from './exp.ts';

/** eˣ − 1: within 2 ulp. */
export function expm1Of(s: ScalarBuilder, x: Scalar): Scalar {
  const { n, r } = reduceByLn2(s, s.min(s.max(x, -20), 89));
  // Halves of the scale and of 1, doubled at the end, so that 2¹²⁸ need not be written.
  const scale = powerOf2(s, s.sub(n, 1));
  const value = s.mul(s.add(s.mul(scale, expm1Near0(s, r)), s.sub(scale, 0.5)), 2);
  return s.select(s.eq(x, 0), x, value);
}
