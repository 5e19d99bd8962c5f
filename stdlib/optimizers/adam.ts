/** Adam: descent scaled by running averages of the gradient and its square. */
import { rate as decay, flag, learningRate, notNegative } from '../../compiler/op/checks.ts';
import type { Schedule } from '../../compiler/op/define/define-optimizer.ts';
import { defineOptimizer } from '../../compiler/op/define/define-optimizer.ts';
import { constant } from '../../compiler/op/leaf.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { add } from '../ops/arithmetic/add.ts';
import { divide } from '../ops/arithmetic/divide.ts';
import { maximum } from '../ops/arithmetic/maximum.ts';
import { multiply } from '../ops/arithmetic/multiply.ts';
import { subtract } from '../ops/arithmetic/subtract.ts';
import { cast } from '../ops/conversion/cast.ts';
import { power } from '../ops/exponential/power.ts';
import { sqrt } from '../ops/exponential/sqrt.ts';
import { flushToZero } from '../ops/rounding/flushToZero.ts';

export interface AdamOptions {
  /** Default 0.001. */
  readonly learningRate?: number | Schedule | undefined;
  /** How much of the gradient's average is kept. Default 0.9. */
  readonly beta1?: number | undefined;
  /** How much of the square's average is kept. Default 0.999. */
  readonly beta2?: number | undefined;
  /** Keeps the division from zero. Default 1e-7. */
  readonly epsilon?: number | undefined;
  /** Divides by the largest average of squares so far. Default false. */
  readonly amsgrad?: boolean | undefined;
}

/**
 * Adam (Kingma & Ba 2015) with Keras's formulas, ε outside the bias correction: with t = steps + 1,
 * α = η·√(1 − β₂ᵗ)/(1 − β₁ᵗ), m ← m + (g − m)(1 − β₁), v ← v + (g² − v)(1 − β₂), w ← w − α·m/(√v + ε); with `amsgrad`
 * (Reddi et al. 2018) v̂ ← max(v̂, v) stands in the last instead of v.
 */
export const adam = defineOptimizer(
  'adam',
  (options: AdamOptions = {}) => {
    const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, amsgrad = false } = options;
    return {
      learningRate,
      slots: (parameter): Slots => {
        const zero = constant(0, parameter.shape);
        return { momentum: zero, velocity: zero, ...(amsgrad && { largestVelocity: zero }) };
      },
      update: ({ parameter, gradient, slots, learningRate: rate, step }) => {
        const t = cast(add(step, 1), 'float32');
        const [power1, power2] = [power(beta1, t), power(beta2, t)];
        const correction = divide(sqrt(subtract(1, power2)), subtract(1, power1));
        const momentum = flushToZero(approach(slots.momentum, gradient, 1 - beta1));
        const velocity = flushToZero(approach(slots.velocity, multiply(gradient, gradient), 1 - beta2));
        const largestVelocity = slots.largestVelocity && maximum(slots.largestVelocity, velocity);
        const divisor = add(sqrt(largestVelocity ?? velocity), epsilon);
        const change = divide(multiply(momentum, multiply(rate, correction)), divisor);
        return {
          parameter: subtract(parameter, change),
          slots: { momentum, velocity, ...(largestVelocity && { largestVelocity }) },
          ...(!amsgrad && {
            tensorflow: {
              kernel: 'ResourceApplyAdam',
              slots: ['momentum', 'velocity'],
              operands: [power1, power2, rate, constant(beta1), constant(beta2), constant(epsilon), gradient],
            },
          }),
        };
      },
    };
  },
  {
    options: { learningRate, beta1: decay, beta2: decay, epsilon: notNegative, amsgrad: flag },
    examples: [
      [{ learningRate: 0.1 }],
      [{ learningRate: 0.1, amsgrad: true }],
      [{ learningRate: 0.2, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }],
    ],
  },
);

interface Slots {
  readonly momentum: Tensor;
  readonly velocity: Tensor;
  readonly largestVelocity?: Tensor;
}

/** from + (to − from)·share */
function approach(from: Tensor, to: Tensor, share: number): Tensor {
  return add(from, multiply(subtract(to, from), share));
}
