/** He's normal distribution, for layers with a rectifier. */
import type { Initializer } from '../../compiler/op/leaf.ts';
import { varianceScaling } from './varianceScaling.ts';

/** Truncated normal with standard deviation √(2 / fanIn) (He et al. 2015). */
export function heNormal(): Initializer {
  return varianceScaling({ scale: 2 });
}
