/** A part of a whole that may be empty. */
import type { Tensor } from '../../../dsl/tensor.ts';
import { divide } from '../../ops/arithmetic/divide.ts';
import { equal } from '../../ops/comparison/equal.ts';
import { where } from '../../ops/comparison/where.ts';

/** part / whole, or 0 of nothing. */
export function share(part: Tensor, whole: Tensor): Tensor {
  return where(equal(whole, 0), 0, divide(part, whole));
}
