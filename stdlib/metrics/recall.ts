/** How many of the true positives are predicted. */
import type { Metric } from '../../compiler/op/metric.ts';
import { metric } from '../../compiler/op/metric.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import type { ThresholdOptions } from './binaryAccuracy.ts';
import { countPositives } from './parts/positives.ts';
import { share } from './parts/ratio.ts';

/** True positives / actual positives over all rows; 0 if there is none. */
export function recall(yTrue: Tensor, yPred: Tensor, options: ThresholdOptions = {}): Metric {
  const { truePositives, actualPositives } = countPositives('recall', yTrue, yPred, options);
  return metric({ truePositives, actualPositives }, (totals) =>
    share(totals.truePositives, totals.actualPositives),
  );
}
