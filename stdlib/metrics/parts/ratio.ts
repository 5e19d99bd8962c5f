/** The ratio of two totals, of which the second may be 0. */
import type { Tensor } from '../../../dsl/tensor.ts';
import { divide } from '../../ops/arithmetic/divide.ts';
import { equal } from '../../ops/comparison/equal.ts';
import { where } from '../../ops/comparison/where.ts';

/** part / whole, or 0 of nothing. */
export function ratio(part: Tensor, whole: Tensor): Tensor {
  return where(equal(whole, 0), 0, divide(part, whole));
}
