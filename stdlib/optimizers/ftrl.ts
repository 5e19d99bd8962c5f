/** FTRL-Proximal: follows the regularized leader, coordinate by coordinate, and keeps small weights at exactly 0. */
import type { Check } from '../../compiler/op/arguments.ts';
import { learningRateAboveZero, notNegative, real } from '../../compiler/op/checks.ts';
import type { Schedule } from '../../compiler/op/define/define-optimizer.ts';
import { defineOptimizer } from '../../compiler/op/define/define-optimizer.ts';
import { constant } from '../../compiler/op/leaf.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { add } from '../ops/arithmetic/add.ts';
import { clip } from '../ops/arithmetic/clip.ts';
import { divide } from '../ops/arithmetic/divide.ts';
import { maximum } from '../ops/arithmetic/maximum.ts';
import { multiply } from '../ops/arithmetic/multiply.ts';
import { square } from '../ops/arithmetic/square.ts';
import { subtract } from '../ops/arithmetic/subtract.ts';
import { power } from '../ops/exponential/power.ts';
import { sqrt } from '../ops/exponential/sqrt.ts';

export interface FtrlOptions {
  /** Above 0. Default 0.001. */
  readonly learningRate?: number | Schedule | undefined;
  /** How the rate of a coordinate falls with its squared gradients: −0.5 as 1/√Σg², 0 not at all. Default −0.5. */
  readonly learningRatePower?: number | undefined;
  /** What the sum of squared gradients starts with. Default 0.1. */
  readonly initialAccumulatorValue?: number | undefined;
  /** λ₁: the larger, the more weights are exactly 0. Default 0. */
  readonly l1RegularizationStrength?: number | undefined;
  /** λ₂: holds weights near 0 by a penalty on their movement. Default 0. */
  readonly l2RegularizationStrength?: number | undefined;
  /** Adds 2·λ·w to the gradient: a penalty on the size of weights. Default 0. */
  readonly l2ShrinkageRegularizationStrength?: number | undefined;
  /** The paper's β: slows the first steps of a coordinate. Default 0. */
  readonly beta?: number | undefined;
}

const fallingPower: Check = {
  expects: 'a number, 0 at most',
  fits: (value) => real.fits(value) && Number(value) <= 0,
};

/** Far below any divisor that a gradient has entered. */
const least = 2 ** -100;

/**
 * FTRL-Proximal (McMahan et al. 2013, "Ad click prediction: a view from the trenches", algorithm 1), with Keras's formulas:
 * n′ = n + g², z ← z + g + 2·λ_shrinkage·w − (n′^−p − n^−p)/η·w, and
 * w ← (clip(z, −λ₁, λ₁) − z) / (n′^−p/η + 2·λ₂ + β/η). A coordinate learns the slower the more it has moved, and one whose z is
 * within λ₁ is 0: for sparse, wide linear models on endless streams. Slots: `accumulator` (n), `linear` (z).
 */
export const ftrl = defineOptimizer(
  'ftrl',
  (options: FtrlOptions = {}) => {
    const {
      learningRate = 0.001,
      learningRatePower = -0.5,
      initialAccumulatorValue = 0.1,
      beta = 0,
    } = options;
    const { l1RegularizationStrength: l1 = 0, l2RegularizationStrength: l2 = 0 } = options;
    const { l2ShrinkageRegularizationStrength: shrinkage = 0 } = options;
    const slowed = (sum: Tensor): Tensor =>
      learningRatePower === -0.5 ? sqrt(sum) : power(sum, -learningRatePower);
    return {
      learningRate,
      slots: (parameter) => ({
        accumulator: constant(initialAccumulatorValue, parameter.shape),
        linear: constant(0, parameter.shape),
      }),
      update: ({ parameter, gradient, slots, learningRate: rate }) => {
        const accumulator = add(slots.accumulator, square(gradient));
        const after = slowed(accumulator);
        const pull = multiply(divide(subtract(after, slowed(slots.accumulator)), rate), parameter);
        const shrunk = shrinkage === 0 ? gradient : add(gradient, multiply(parameter, 2 * shrinkage));
        const linear = add(slots.linear, subtract(shrunk, pull));
        const divisor = add(divide(add(after, beta), rate), 2 * l2);
        // Of a coordinate that no gradient has entered yet, both sides of the fraction may be 0.
        const safe = initialAccumulatorValue === 0 ? maximum(divisor, least) : divisor;
        const beyond = subtract(l1 === 0 ? 0 : clip(linear, -l1, l1), linear);
        return { parameter: divide(beyond, safe), slots: { accumulator, linear } };
      },
    };
  },
  {
    options: {
      learningRate: learningRateAboveZero,
      learningRatePower: fallingPower,
      initialAccumulatorValue: notNegative,
      l1RegularizationStrength: notNegative,
      l2RegularizationStrength: notNegative,
      l2ShrinkageRegularizationStrength: notNegative,
      beta: notNegative,
    },
    examples: [
      [{ learningRate: 1 }],
      [{ learningRate: 0.5, beta: 1, l1RegularizationStrength: 0.001, l2RegularizationStrength: 0.001 }],
      [{ learningRate: 0.2, learningRatePower: -0.2, initialAccumulatorValue: 0 }],
    ],
  },
);
