/** Parameters that start at random between two numbers. */
import { real } from '../../compiler/op/checks.ts';
import { defineInitializer } from '../../compiler/op/define/define-initializer.ts';
import { runSeed, runStep } from '../../compiler/op/leaf.ts';
import { add } from '../ops/arithmetic/add.ts';
import { multiply } from '../ops/arithmetic/multiply.ts';
import { randomUniform } from '../ops/random/parts/randomUniform.ts';

export interface UniformOptions {
  /** The smallest value. Default −0.05. */
  readonly min?: number | undefined;
  /** What all values are less than. Default 0.05. */
  readonly max?: number | undefined;
}

/** Evenly distributed in [min, max): Keras's RandomUniform. */
export const uniform = defineInitializer(
  'uniform',
  (options: UniformOptions = {}) => {
    const { min = -0.05, max = 0.05 } = options;
    return (shape) => add(multiply(randomUniform(runSeed, runStep, { shape }), max - min), min);
  },
  {
    options: { min: real, max: real },
    examples: [
      { of: [], mean: 0, variance: 0.1 ** 2 / 12, reach: 0.05 },
      { of: [{ min: 1, max: 3 }], mean: 2, variance: 4 / 12, reach: 1 },
    ],
  },
);
