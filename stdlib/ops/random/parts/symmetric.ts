/** Random numbers, evenly distributed around 0. */
import { runSeed, runStep } from '../../../../compiler/op/leaf.ts';
import type { Shape, Tensor } from '../../../../dsl/tensor.ts';
import { add } from '../../arithmetic/add.ts';
import { multiply } from '../../arithmetic/multiply.ts';
import { typed } from '../../creation/parts/typed.ts';
import { randomUniform } from './randomUniform.ts';

/** The odd multiples of 2⁻²⁴ in (−1, 1), each alike: symmetric, and never so near ±1 that a quantile is infinite. */
export function symmetric<const S extends Shape>(shape: S): Tensor<S, 'float32'> {
  const even = randomUniform(runSeed, runStep, { shape });
  return typed(add(multiply(even, 2), -1 + 2 ** -24), shape, 'float32');
}
