/** Steps divided by how large gradients have been of late. */
import { add, divide, flushToZero, multiply, sqrt, square, subtract, zeros } from 'millrace';
import type { Schedule } from 'millrace/op';
import { check, defineOptimizer } from 'millrace/op';

export interface RmsPropOptions {
  /** Default 0.001. */
  readonly learningRate?: number | Schedule | undefined;
  /** How slowly the average of squares follows. Default 0.9. */
  readonly rho?: number | undefined;
  /** Keeps divisions from blowing up. Default 1e-7. */
  readonly epsilon?: number | undefined;
}

/** v ← ρ·v + (1 − ρ)·g² and w ← w − η·g / (√v + ε), as Hinton's lecture 6e of 2012 has it. */
export const rmsProp = defineOptimizer(
  'rmsProp',
  (options: RmsPropOptions = {}) => {
    const { learningRate = 0.001, rho = 0.9, epsilon = 1e-7 } = options;
    return {
      learningRate,
      slots: (parameter) => ({ square: zeros(parameter.shape) }),
      update: ({ parameter, gradient, slots, learningRate: rate }) => {
        // An average that fades is 0 before it is denormal: such numbers are slow.
        const average = flushToZero(add(multiply(slots.square, rho), multiply(square(gradient), 1 - rho)));
        const step = divide(multiply(gradient, rate), add(sqrt(average), epsilon));
        return { parameter: subtract(parameter, step), slots: { square: average } };
      },
    };
  },
  {
    options: { learningRate: check.learningRate, rho: check.rate, epsilon: check.notNegative },
    examples: [[{ learningRate: 0.05 }], [{ learningRate: 0.02, rho: 0.5 }]],
  },
);
