/** Random numbers for initial values, evenly distributed around 0. */

import { runSeed, runStep } from '../../../compiler/op/leaf.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { add } from '../../ops/arithmetic/add.ts';
import { multiply } from '../../ops/arithmetic/multiply.ts';
import { randomUniform } from '../../ops/random/randomUniform.ts';

/** The odd multiples of 2⁻²⁴ in (−1, 1), each alike: symmetric, and never so near ±1 that a quantile is infinite. */
export function symmetric(shape: Shape): Tensor {
  return add(multiply(randomUniform(runSeed, runStep, { shape }), 2), -1 + 2 ** -24);
}
