/** Parameters that start at random between two numbers. */
import type { Initializer } from '../../compiler/op/leaf.ts';
import { runSeed, runStep } from '../../compiler/op/leaf.ts';
import { add } from '../ops/arithmetic/add.ts';
import { multiply } from '../ops/arithmetic/multiply.ts';
import { randomUniform } from '../ops/random/randomUniform.ts';

/** Evenly distributed in [min, max): Keras's RandomUniform. */
export function uniform(options: { readonly min?: number; readonly max?: number } = {}): Initializer {
  const { min = -0.05, max = 0.05 } = options;
  return (shape) => add(multiply(randomUniform(runSeed, runStep, { shape }), max - min), min);
}
