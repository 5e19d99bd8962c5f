/** How many yes-or-no predictions of a row are right. */
import { any, float } from '../../compiler/op/accepts.ts';
import type { Op } from '../../compiler/op/card.ts';
import { composite } from '../../compiler/op/define/define-op.ts';
import { reals, truths } from '../../compiler/op/domain.ts';
import * as option from '../../compiler/op/options.ts';
import type { Judging } from '../../compiler/op/signatures.ts';
import { paired } from '../losses/parts/same-shape.ts';
import { equal } from '../ops/comparison/equal.ts';
import { less } from '../ops/comparison/less.ts';
import { cast } from '../ops/conversion/cast.ts';
import { mean } from '../ops/reduction/mean.ts';

export interface ThresholdOptions {
  /** What a prediction must exceed to count as yes: a probability, or 0 for logits. Default 0.5. */
  readonly threshold?: number | undefined;
}

/** The share of the row's predictions that are above the threshold where yTrue is 1, and not where it is 0. */
export const binaryAccuracy: Op<Judging<ThresholdOptions>> = composite({
  name: 'binaryAccuracy',
  family: 'metric',
  inputs: { yTrue: any, yPred: float },
  options: { threshold: option.number(0.5) },
  body: ({ yTrue, yPred }, { threshold }) => {
    const [targets, predictions] = paired('binaryAccuracy', yTrue, yPred);
    const answers = cast(less(threshold, predictions), 'float32');
    return mean(cast(equal(targets, answers), 'float32'), { axis: -1 });
  },
  domain: { yTrue: truths(), yPred: reals({ min: 0, max: 1 }) },
  examples: [
    [
      [
        [1, 0, 1],
        [0.9, 0.2, 0.4],
      ],
      [1, 1, 0],
    ],
    [[[[1, 0]], [[0.9, 0.8]]], [0.5]],
  ],
});
