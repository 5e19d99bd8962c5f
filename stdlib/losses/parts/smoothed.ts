/** Label smoothing: targets a little less certain. */
import type { Tensor } from '../../../dsl/tensor.ts';
import { add } from '../../ops/arithmetic/add.ts';
import { multiply } from '../../ops/arithmetic/multiply.ts';

/** y · (1 − smoothing) + smoothing / classes */
export function smoothed(targets: Tensor, smoothing: number, classes: number): Tensor {
  return smoothing === 0 ? targets : add(multiply(targets, 1 - smoothing), smoothing / classes);
}
