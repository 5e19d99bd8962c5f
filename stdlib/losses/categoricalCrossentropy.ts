/** −ln of the share that a prediction gives to the true class, which is told by shares. */

import { sameShape } from '../../compiler/ir/dim.ts';
import { any, float } from '../../compiler/op/accepts.ts';
import { axisOf } from '../../compiler/op/axes.ts';
import type { Op } from '../../compiler/op/card.ts';
import { composite } from '../../compiler/op/define/define-op.ts';
import { reals } from '../../compiler/op/domain.ts';
import { TypeMismatch } from '../../compiler/op/mismatch.ts';
import * as option from '../../compiler/op/options.ts';
import type { CrossentropyOptions, Judging } from '../../compiler/op/signatures.ts';
import { typeText } from '../../compiler/op/type-text.ts';
import { logSoftmax } from '../ops/activations/logSoftmax.ts';
import { multiply } from '../ops/arithmetic/multiply.ts';
import { neg } from '../ops/arithmetic/neg.ts';
import { log } from '../ops/exponential/log.ts';
import { sum } from '../ops/reduction/sum.ts';
import { asProbabilities } from './parts/probabilities.ts';
import { asFloat } from './parts/same-shape.ts';
import { smoothed } from './parts/smoothed.ts';

/**
 * −Σ y·ln p over `axis` (the last by default), one value a row. yTrue: the shares of the classes, such as one-hot rows; yPred:
 * probabilities (which are made to add up to 1 and clipped to [ε, 1 − ε], ε = 10⁻⁷) or, with `fromLogits`, logits. With
 * `labelSmoothing` s, y is first moved to y·(1 − s) + s/classes.
 */
export const categoricalCrossentropy: Op<Judging<CrossentropyOptions>> = composite({
  name: 'categoricalCrossentropy',
  family: 'loss',
  inputs: { yTrue: any, yPred: float },
  options: { fromLogits: option.flag(false), labelSmoothing: option.fraction(0), axis: option.axis(-1) },
  body: ({ yTrue, yPred }, { fromLogits, labelSmoothing, axis: given }) => {
    const axis = axisOf(given, yPred.shape.length, 'categoricalCrossentropy');
    if (!sameShape(yTrue.shape, yPred.shape)) {
      throw new TypeMismatch({
        message: 'categoricalCrossentropy needs a probability for each class of each prediction',
        blame: 0,
        label: `targets ${typeText(yTrue)} meet predictions ${typeText(yPred)}`,
        expected: typeText({ dtype: 'float32', shape: yPred.shape }),
        received: typeText(yTrue),
        hint: 'class numbers go with sparseCategoricalCrossentropy, or through oneHot',
      });
    }
    const targets = smoothed(asFloat(yTrue), labelSmoothing, yPred.shape[axis] as number);
    const scores = fromLogits ? logSoftmax(yPred, { axis }) : log(asProbabilities(yPred, axis));
    return neg(sum(multiply(targets, scores), { axis }));
  },
  domain: { yTrue: reals({ min: 0, max: 1 }), yPred: reals({ min: 0.1, max: 1 }) },
  examples: [
    [[[[1, 0]], [[0.5, 0.5]]], [Math.LN2]],
    [[[[0, 1]], [[3, 3]], { fromLogits: true }], [Math.LN2]],
  ],
});
