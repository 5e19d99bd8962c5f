/** Probabilities as losses read them: adding up to 1, and never so near 0 or 1 that a logarithm is infinite. */
import type { Tensor } from '../../../dsl/tensor.ts';
import { clip } from '../../ops/arithmetic/clip.ts';
import { divide } from '../../ops/arithmetic/divide.ts';
import { sum } from '../../ops/reduction/sum.ts';

/** Keras's ε. */
export const epsilon = 1e-7;

/** x / Σ x along `axis`, clipped to [ε, 1 − ε]. */
export function asProbabilities(x: Tensor, axis: number): Tensor {
  return clip(divide(x, sum(x, { axis, keepDims: true })), epsilon, 1 - epsilon);
}
