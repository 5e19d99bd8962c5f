/** ln(1 + x) in binary32, exact near 0 too. */
import type { Scalar, ScalarBuilder } from '../../compiler/op/scalar.ts';
import { logEdges, logOfPositive } from './log.ts';

/** ln(1 + x): the logarithm of the rounded sum, corrected by what the rounding lost; within 3 ulp. */
export function log1pOf(s: ScalarBuilder, x: Scalar): Scalar {
  const sum = s.add(x, 1);
  const lost = s.sub(x, s.sub(sum, 1));
  const inside = s.add(logOfPositive(s, sum), s.div(lost, sum));
  return s.select(s.eq(sum, 1), x, logEdges(s, sum, inside));
}
