/** Parameters that start normally distributed, but never far out. */
import { notNegative, real } from '../../compiler/op/checks.ts';
import { defineInitializer } from '../../compiler/op/define/define-initializer.ts';
import { add } from '../ops/arithmetic/add.ts';
import { multiply } from '../ops/arithmetic/multiply.ts';
import { symmetric } from '../ops/random/parts/symmetric.ts';
import { erfInverse } from '../ops/special/erfInverse.ts';

/** erf(√2): how much of a normal distribution lies within two standard deviations. */
const within2 = 0.9544997361036416;

export interface TruncatedNormalOptions {
  /** Default 0. */
  readonly mean?: number | undefined;
  /** The standard deviation before the ends are cut off. Default 0.05. */
  readonly stddev?: number | undefined;
}

/** Normally distributed, given that it lies within two standard deviations: Keras's TruncatedNormal. */
export const truncatedNormal = defineInitializer(
  'truncatedNormal',
  (options: TruncatedNormalOptions = {}) => {
    const { mean = 0, stddev = 0.05 } = options;
    return (shape) => {
      const share = multiply(symmetric(shape), within2);
      return add(multiply(erfInverse(share), Math.SQRT2 * stddev), mean);
    };
  },
  {
    options: { mean: real, stddev: notNegative },
    examples: [
      { of: [], mean: 0, variance: (0.05 * 0.87962566103423978) ** 2, reach: 0.1 },
      { of: [{ mean: 2, stddev: 3 }], mean: 2, variance: (3 * 0.87962566103423978) ** 2, reach: 6 },
    ],
  },
);
