/** Gradient descent. */
import { rate as decay, flag, learningRate } from '../../compiler/op/checks.ts';
import type { Schedule } from '../../compiler/op/define/define-optimizer.ts';
import { defineOptimizer } from '../../compiler/op/define/define-optimizer.ts';
import { constant } from '../../compiler/op/leaf.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { add } from '../ops/arithmetic/add.ts';
import { multiply } from '../ops/arithmetic/multiply.ts';
import { subtract } from '../ops/arithmetic/subtract.ts';
import { flushToZero } from '../ops/rounding/flushToZero.ts';

export interface SgdOptions {
  /** Default 0.01. */
  readonly learningRate?: number | Schedule | undefined;
  /** How much of the last change is kept, in [0, 1). Default 0. */
  readonly momentum?: number | undefined;
  /** Looks ahead along the momentum. Default false. */
  readonly nesterov?: boolean | undefined;
}

/**
 * Gradient descent, with Keras's formulas: w ← w − η·g; with momentum μ, v ← μ·v − η·g and w ← w + v, or with
 * `nesterov` w ← w + μ·v − η·g.
 */
export const sgd = defineOptimizer(
  'sgd',
  (options: SgdOptions = {}) => {
    const { learningRate = 0.01, momentum = 0, nesterov = false } = options;
    return {
      learningRate,
      slots: (parameter): Slots => (momentum === 0 ? {} : { momentum: constant(0, parameter.shape) }),
      update: ({ parameter, gradient, slots, learningRate: rate }) => {
        const change = multiply(gradient, rate);
        if (!slots.momentum) {
          const tensorflow = {
            kernel: 'ResourceApplyGradientDescent',
            slots: [],
            operands: [rate, gradient],
          };
          return { parameter: subtract(parameter, change), slots: {}, tensorflow };
        }
        const velocity = flushToZero(subtract(multiply(slots.momentum, momentum), change));
        const ahead = nesterov ? subtract(multiply(velocity, momentum), change) : velocity;
        return {
          parameter: add(parameter, ahead),
          slots: { momentum: velocity },
          tensorflow: {
            kernel: 'ResourceApplyKerasMomentum',
            slots: ['momentum'],
            operands: [rate, gradient, constant(momentum)],
            flags: { use_nesterov: nesterov },
          },
        };
      },
    };
  },
  {
    options: { learningRate, momentum: decay, nesterov: flag },
    examples: [
      [{ learningRate: 0.1 }],
      [{ learningRate: 0.05, momentum: 0.8 }],
      [{ learningRate: 0.05, momentum: 0.8, nesterov: true }],
    ],
  },
);

interface Slots {
  readonly momentum?: Tensor;
}
