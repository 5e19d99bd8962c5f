/** Glorot's normal distribution, for layers without a rectifier. */
import type { Initializer } from '../../compiler/op/leaf.ts';
import { varianceScaling } from './varianceScaling.ts';

/** Truncated normal with standard deviation √(2 / (fanIn + fanOut)) (Glorot & Bengio 2010). */
export function glorotNormal(): Initializer {
  return varianceScaling({ mode: 'fanAverage' });
}
