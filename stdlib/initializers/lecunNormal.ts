/** LeCun's normal distribution, for self-normalising layers. */
import type { Initializer } from '../../compiler/op/leaf.ts';
import { varianceScaling } from './varianceScaling.ts';

/** Truncated normal with standard deviation √(1 / fanIn) (LeCun et al. 1998). */
export function lecunNormal(): Initializer {
  return varianceScaling();
}
