/** Parameters that start normally distributed. */
import { notNegative, real } from '../../compiler/op/checks.ts';
import { defineInitializer } from '../../compiler/op/define/define-initializer.ts';
import { add } from '../ops/arithmetic/add.ts';
import { multiply } from '../ops/arithmetic/multiply.ts';
import { symmetric } from '../ops/random/parts/symmetric.ts';
import { erfInverse } from '../ops/special/erfInverse.ts';

export interface NormalOptions {
  /** Default 0. */
  readonly mean?: number | undefined;
  /** The standard deviation. Default 0.05. */
  readonly stddev?: number | undefined;
}

/** Normally distributed: Keras's RandomNormal. */
export const normal = defineInitializer(
  'normal',
  (options: NormalOptions = {}) => {
    const { mean = 0, stddev = 0.05 } = options;
    return (shape) => add(multiply(erfInverse(symmetric(shape)), Math.SQRT2 * stddev), mean);
  },
  {
    options: { mean: real, stddev: notNegative },
    examples: [
      { of: [], mean: 0, variance: 0.05 ** 2 },
      { of: [{ mean: 2, stddev: 3 }], mean: 2, variance: 9 },
    ],
  },
);
