/** Passive-aggressive learning: the smallest step that makes up for the loss of a batch, none where there is no loss. */
import { ARG101 } from '../../compiler/diagnostics/argument.ts';
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { siteSpan } from '../../compiler/ir/site.ts';
import { aboveZero, learningRate, oneOf } from '../../compiler/op/checks.ts';
import type { Schedule } from '../../compiler/op/define/define-optimizer.ts';
import { defineOptimizer } from '../../compiler/op/define/define-optimizer.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { add } from '../ops/arithmetic/add.ts';
import { divide } from '../ops/arithmetic/divide.ts';
import { minimum } from '../ops/arithmetic/minimum.ts';
import { multiply } from '../ops/arithmetic/multiply.ts';
import { square } from '../ops/arithmetic/square.ts';
import { subtract } from '../ops/arithmetic/subtract.ts';
import { greater } from '../ops/comparison/greater.ts';
import { where } from '../ops/comparison/where.ts';
import { sum } from '../ops/reduction/sum.ts';

export interface PassiveAggressiveOptions {
  /** `pa` makes up for all of the loss; `pa1` bounds the step, `pa2` dampens it. Default `pa1`. */
  readonly variant?: 'pa' | 'pa1' | 'pa2' | undefined;
  /** The paper's C: the bound of the step, or how little it is dampened. Default 1. */
  readonly aggressiveness?: number | undefined;
  /** How much of the step is made. Default 1. */
  readonly learningRate?: number | Schedule | undefined;
}

/**
 * Passive-aggressive updates (Crammer et al. 2006, "Online passive-aggressive algorithms"): w ← w − τ·g, with ℓ the loss of the
 * batch, g its gradient, ‖g‖² summed over all parameters of the objective, and τ = ℓ/‖g‖² (`pa`), min(C, ℓ/‖g‖²) (`pa1`),
 * ℓ/(‖g‖² + 1/(2C)) (`pa2`). For a linear model, batches of one row and the losses of the paper, max(0, 1 − y·f) and
 * max(0, |y − f| − ε), ‖g‖² is ‖x‖² (and 1 for a bias), and these are its algorithms. For other losses that are 0 at best it is
 * Polyak's step. No slots, no rate to tune. Refuses with ARG101 to apply gradients whose loss is not known.
 */
export const passiveAggressive = defineOptimizer(
  'passiveAggressive',
  ({ variant = 'pa1', aggressiveness = 1, learningRate = 1 }: PassiveAggressiveOptions = {}) => ({
    learningRate,
    slots: () => ({}),
    update: ({ parameter, gradient, learningRate: rate, loss = lossIsMissing(), gradients }) => {
      const lengths = gradients.map((each) => sum(square(each)));
      const length = lengths.reduce((a, b) => add(a, b));
      const dampened = variant === 'pa2' ? add(length, 1 / (2 * aggressiveness)) : length;
      const whole = divide(loss, dampened);
      const step = variant === 'pa1' ? minimum(whole, aggressiveness) : whole;
      // Where the gradient is 0 there is no way to go.
      const taken = where(greater(length, 0), multiply(step, rate), 0);
      return { parameter: subtract(parameter, multiply(gradient, taken)), slots: {} };
    },
  }),
  {
    options: { variant: oneOf('pa', 'pa1', 'pa2'), aggressiveness: aboveZero, learningRate },
    elementwise: false,
    examples: [[{}], [{ variant: 'pa', learningRate: 0.5 }], [{ variant: 'pa2', aggressiveness: 0.5 }]],
  },
);

function lossIsMissing(): Tensor {
  return refuse(
    ARG101({
      message: 'passiveAggressive needs the loss, and is given gradients alone',
      span: siteSpan(),
      expected: 'a step from a loss to its gradients: minimize(loss)',
      received: 'applyGradients(pairs)',
    }),
  );
}
