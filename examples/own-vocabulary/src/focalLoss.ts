/** A loss for rare positives: examples that are easy count less. */
import { abs, add, clip, log, multiply, neg, power, subtract } from 'millrace';
import type { Judging, Op } from 'millrace/op';
import { composite, float, option, reals } from 'millrace/op';

export interface FocalLossOptions {
  /** How much less easy examples count; 0 is the binary crossentropy. Default 2. */
  readonly gamma?: number;
}

/** Keeps logarithms finite. */
const epsilon = 1e-7;

/**
 * |y − p|^γ · (−y·ln p − (1 − y)·ln(1 − p)), element by element (Lin et al. 2017). yTrue: f32, from 0 to 1; yPred: f32 of the same
 * shape, probabilities p, kept away from 0 and 1 by 10⁻⁷.
 */
export const focalLoss: Op<Judging<FocalLossOptions>> = composite({
  name: 'focalLoss',
  family: 'loss',
  inputs: { yTrue: float, yPred: float },
  options: { gamma: option.number(2) },
  body: ({ yTrue, yPred }, { gamma }) => {
    const p = clip(yPred, epsilon, 1 - epsilon);
    const yes = multiply(yTrue, log(p));
    const no = multiply(subtract(1, yTrue), log(subtract(1, p)));
    return multiply(power(abs(subtract(yTrue, p)), gamma), neg(add(yes, no)));
  },
  domain: { yTrue: reals({ min: 0, max: 1 }), yPred: reals({ min: 0.05, max: 0.95 }) },
  examples: [
    [
      [
        [1, 0],
        [0.5, 0.5],
      ],
      [Math.LN2 / 4, Math.LN2 / 4],
    ],
    [[[1], [0.5], { gamma: 0 }], [Math.LN2]],
  ],
});
