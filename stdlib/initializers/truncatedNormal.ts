/** Parameters that start normally distributed, but never far out. */
import type { Initializer } from '../../compiler/op/leaf.ts';
import { add } from '../ops/arithmetic/add.ts';
import { multiply } from '../ops/arithmetic/multiply.ts';
import { erfInverse } from '../ops/special/erfInverse.ts';
import { symmetric } from './parts/symmetric.ts';

/** erf(√2): how much of a normal distribution lies within two standard deviations. */
const within2 = 0.9544997361036416;

/** Normally distributed, given that it lies within two standard deviations: Keras's TruncatedNormal. */
export function truncatedNormal(
  options: { readonly mean?: number; readonly deviation?: number } = {},
): Initializer {
  const { mean = 0, deviation = 0.05 } = options;
  return (shape) => {
    const share = multiply(symmetric(shape), within2);
    return add(multiply(erfInverse(share), Math.SQRT2 * deviation), mean);
  };
}
