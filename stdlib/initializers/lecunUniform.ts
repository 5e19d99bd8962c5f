/** LeCun's even distribution, for self-normalising layers. */
import type { Initializer } from '../../compiler/op/leaf.ts';
import { varianceScaling } from './varianceScaling.ts';

/** Evenly distributed in ±√(3 / fanIn) (LeCun et al. 1998). */
export function lecunUniform(): Initializer {
  return varianceScaling({ distribution: 'uniform' });
}
