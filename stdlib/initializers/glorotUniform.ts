/** Glorot's even distribution, for layers without a rectifier. */
import type { Initializer } from '../../compiler/op/leaf.ts';
import { varianceScaling } from './varianceScaling.ts';

/** Evenly distributed in ±√(6 / (fanIn + fanOut)) (Glorot & Bengio 2010). */
export function glorotUniform(): Initializer {
  return varianceScaling({ mode: 'fanAverage', distribution: 'uniform' });
}
