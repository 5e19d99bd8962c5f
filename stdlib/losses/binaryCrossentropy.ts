/** −ln of the probability that a prediction gives to a yes or no. */
import { any, float } from '../../compiler/op/accepts.ts';
import { axisOf } from '../../compiler/op/axes.ts';
import type { Op } from '../../compiler/op/card.ts';
import { composite } from '../../compiler/op/define/define-op.ts';
import { reals } from '../../compiler/op/domain.ts';
import * as option from '../../compiler/op/options.ts';
import type { CrossentropyOptions, Judging } from '../../compiler/op/signatures.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { softplus } from '../ops/activations/softplus.ts';
import { add } from '../ops/arithmetic/add.ts';
import { clip } from '../ops/arithmetic/clip.ts';
import { multiply } from '../ops/arithmetic/multiply.ts';
import { neg } from '../ops/arithmetic/neg.ts';
import { subtract } from '../ops/arithmetic/subtract.ts';
import { log } from '../ops/exponential/log.ts';
import { mean } from '../ops/reduction/mean.ts';
import { epsilon } from './parts/probabilities.ts';
import { paired } from './parts/same-shape.ts';
import { smoothed } from './parts/smoothed.ts';

/** −y·ln p − (1 − y)·ln(1 − p) of probabilities. */
function ofProbabilities(targets: Tensor, predictions: Tensor): Tensor {
  const p = clip(predictions, epsilon, 1 - epsilon);
  const yes = multiply(targets, log(p));
  const no = multiply(subtract(1, targets), log(subtract(1, p)));
  return neg(add(yes, no));
}

/** The same of p = sigmoid(x), without overflow. */
function ofLogits(targets: Tensor, logits: Tensor): Tensor {
  return subtract(softplus(logits), multiply(logits, targets));
}

/**
 * mean(−y·ln p − (1 − y)·ln(1 − p)) over `axis` (the last by default): one value a row. yTrue: 0 or 1, truths or
 * probabilities; yPred: probabilities, clipped to [ε, 1 − ε] with ε = 10⁻⁷, or logits with `fromLogits`. With
 * `labelSmoothing` s, y is first moved to y·(1 − s) + s/2.
 */
export const binaryCrossentropy: Op<Judging<CrossentropyOptions>> = composite({
  name: 'binaryCrossentropy',
  family: 'loss',
  inputs: { yTrue: any, yPred: float },
  options: { fromLogits: option.flag(false), labelSmoothing: option.fraction(0), axis: option.axis(-1) },
  body: ({ yTrue, yPred }, { fromLogits, labelSmoothing, axis }) => {
    const [certain, predictions] = paired('binaryCrossentropy', yTrue, yPred);
    const targets = smoothed(certain, labelSmoothing, 2);
    const loss = fromLogits ? ofLogits(targets, predictions) : ofProbabilities(targets, predictions);
    return mean(loss, { axis: axisOf(axis, loss.shape.length, 'binaryCrossentropy') });
  },
  domain: { yTrue: reals({ min: 0, max: 1 }), yPred: reals({ min: 0.05, max: 0.95 }) },
  examples: [
    [[[[1, 0]], [[0.5, 0.5]]], [Math.LN2]],
    [
      [[1, 0], [[0], [0]], { fromLogits: true }],
      [Math.LN2, Math.LN2],
    ],
  ],
});
