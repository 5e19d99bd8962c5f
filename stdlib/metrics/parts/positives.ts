/** Counts of a yes-or-no prediction. */
import { refusingMismatch } from '../../../compiler/op/call/explain.ts';
import { real } from '../../../compiler/op/checks.ts';
import { reals, truths } from '../../../compiler/op/domain.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { paired } from '../../losses/parts/same-shape.ts';
import { multiply } from '../../ops/arithmetic/multiply.ts';
import { less } from '../../ops/comparison/less.ts';
import { cast } from '../../ops/conversion/cast.ts';
import { sum } from '../../ops/reduction/sum.ts';
import type { ThresholdOptions } from '../binaryAccuracy.ts';

/** What the metrics of such counts take, and judge. */
export const positivesTake = {
  options: { threshold: real },
  domain: { yTrue: truths(), yPred: reals({ min: 0, max: 1 }) },
};

/** How many are predicted, how many are there, and how many are both; a prediction is a yes above the threshold. */
export function countPositives(
  name: string,
  yTrue: Tensor,
  yPred: Tensor,
  { threshold = 0.5 }: ThresholdOptions,
): Readonly<Record<'truePositives' | 'predictedPositives' | 'actualPositives', Tensor>> {
  const [targets, predictions] = refusingMismatch([yTrue, yPred], () => paired(name, yTrue, yPred));
  const actual = cast(cast(targets, 'bool'), 'float32');
  const predicted = cast(less(threshold, predictions), 'float32');
  return {
    truePositives: sum(multiply(actual, predicted)),
    predictedPositives: sum(predicted),
    actualPositives: sum(actual),
  };
}
