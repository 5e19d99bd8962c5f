/** Parameters that start normally distributed. */
import type { Initializer } from '../../compiler/op/leaf.ts';
import { add } from '../ops/arithmetic/add.ts';
import { multiply } from '../ops/arithmetic/multiply.ts';
import { erfInverse } from '../ops/special/erfInverse.ts';
import { symmetric } from './parts/symmetric.ts';

/** Normally distributed: Keras's RandomNormal. */
export function normal(options: { readonly mean?: number; readonly deviation?: number } = {}): Initializer {
  const { mean = 0, deviation = 0.05 } = options;
  return (shape) => add(multiply(erfInverse(symmetric(shape)), Math.SQRT2 * deviation), mean);
}
