/** The gradient of picking the larger of two numbers. */
import type { Tensor } from '../../dsl/tensor.ts';
import { multiply } from '../ops/arithmetic/multiply.ts';
import { equal } from '../ops/comparison/equal.ts';
import { less } from '../ops/comparison/less.ts';
import { where } from '../ops/comparison/where.ts';

/** dy where `low` < `high`, half of it where they tie, else 0. */
export function winnersShare(dy: Tensor, low: Tensor, high: Tensor): Tensor {
  return where(less(low, high), dy, where(equal(low, high), multiply(dy, 0.5), 0));
}
