/** −ln of the share that a prediction gives to the true class, which is told by its number. */

import { sameShape } from '../../compiler/ir/dim.ts';
import { float, integer } from '../../compiler/op/accepts.ts';
import { axisOf } from '../../compiler/op/axes.ts';
import type { Op } from '../../compiler/op/card.ts';
import { composite } from '../../compiler/op/define/define-op.ts';
import { integers, reals } from '../../compiler/op/domain.ts';
import { iota } from '../../compiler/op/leaf.ts';
import { TypeMismatch } from '../../compiler/op/mismatch.ts';
import * as option from '../../compiler/op/options.ts';
import { typeText } from '../../compiler/op/type-text.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { neg } from '../ops/arithmetic/neg.ts';
import { subtract } from '../ops/arithmetic/subtract.ts';
import { equal } from '../ops/comparison/equal.ts';
import { less } from '../ops/comparison/less.ts';
import { where } from '../ops/comparison/where.ts';
import { log } from '../ops/exponential/log.ts';
import { logicalAnd } from '../ops/logic/logicalAnd.ts';
import { expandDims } from '../ops/movement/expandDims.ts';
import { squeeze } from '../ops/movement/squeeze.ts';
import { logSumExp } from '../ops/reduction/logSumExp.ts';
import { sum } from '../ops/reduction/sum.ts';
import { asProbabilities } from './parts/probabilities.ts';

export interface SparseOptions {
  /** Whether yPred are logits rather than probabilities. Default false. */
  readonly fromLogits?: boolean | undefined;
  /** The axis of yPred that holds the classes. Default the last. */
  readonly axis?: number | undefined;
  /** A class number whose elements have no part in the loss. Default none. */
  readonly ignoreClass?: number | null | undefined;
}
type SparseCategoricalCrossentropy = (yTrue: Tensor, yPred: Tensor, options?: SparseOptions) => Tensor;

/** The labels without a last axis of size 1 that the predictions do not account for, as Keras reads them. */
function labelsFor(yTrue: Tensor, yPred: Tensor, axis: number): Tensor {
  const wanted = yPred.shape.filter((_, at) => at !== axis);
  const extra = yTrue.shape.length === wanted.length + 1 && yTrue.shape.at(-1) === 1;
  const labels = extra ? squeeze(yTrue, { axis: -1 }) : yTrue;
  if (sameShape(labels.shape, wanted)) return labels;
  throw new TypeMismatch({
    message: `sparseCategoricalCrossentropy needs one class number for each prediction`,
    blame: 0,
    label: `${typeText(yTrue)} meets predictions ${typeText(yPred)}`,
    expected: typeText({ dtype: 'int32', shape: wanted }),
    received: typeText(yTrue),
  });
}

/**
 * −ln p[yTrue], one value a prediction. yTrue: int32 class numbers of the shape of yPred without its class axis; yPred:
 * probabilities (which are made to add up to 1 and clipped to [ε, 1 − ε], ε = 10⁻⁷) or, with `fromLogits`, logits. A
 * class number that does not exist gives NaN.
 */
export const sparseCategoricalCrossentropy: Op<SparseCategoricalCrossentropy> = composite({
  name: 'sparseCategoricalCrossentropy',
  family: 'loss',
  inputs: { yTrue: integer, yPred: float },
  options: { fromLogits: option.flag(false), axis: option.axis(-1), ignoreClass: option.numberOrNull(null) },
  body: ({ yTrue, yPred }, { fromLogits, axis: given, ignoreClass }) => {
    const axis = axisOf(given, yPred.shape.length, 'sparseCategoricalCrossentropy');
    const labels = labelsFor(yTrue, yPred, axis);
    const chosen = equal(expandDims(labels, { axis }), iota(yPred.shape, axis));
    const pick = (scores: Tensor): Tensor => sum(where(chosen, scores, 0), { axis });
    const loss = fromLogits
      ? subtract(logSumExp(yPred, { axis }), pick(yPred))
      : neg(pick(log(asProbabilities(yPred, axis))));
    const exists = logicalAnd(less(-1, labels), less(labels, yPred.shape[axis] as number));
    const valid = where(exists, loss, Number.NaN);
    return ignoreClass === null ? valid : where(equal(labels, ignoreClass), 0, valid);
  },
  domain: { yTrue: integers({ min: 0, max: 2 }), yPred: reals({ min: 0.1, max: 1 }) },
  examples: [
    [[[0], [[0.5, 0.25, 0.25]]], [Math.LN2]],
    [[[1], [[0, 0, 0]], { fromLogits: true }], [Math.log(3)]],
    [[[[1]], [[3, 5, 3]], { fromLogits: true, ignoreClass: 1 }], [0]],
  ],
});
