/** He's even distribution, for layers with a rectifier. */
import type { Initializer } from '../../compiler/op/leaf.ts';
import { varianceScaling } from './varianceScaling.ts';

/** Evenly distributed in ±√(6 / fanIn) (He et al. 2015). */
export function heUniform(): Initializer {
  return varianceScaling({ scale: 2, distribution: 'uniform' });
}
