/** How many of the predicted positives are true. */
import type { Metric } from '../../compiler/op/metric.ts';
import { metric } from '../../compiler/op/metric.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import type { ThresholdOptions } from './binaryAccuracy.ts';
import { countPositives } from './parts/positives.ts';
import { share } from './parts/ratio.ts';

/** True positives / predicted positives over all rows; 0 if none was predicted. */
export function precision(yTrue: Tensor, yPred: Tensor, options: ThresholdOptions = {}): Metric {
  const { truePositives, predictedPositives } = countPositives('precision', yTrue, yPred, options);
  return metric({ truePositives, predictedPositives }, (totals) =>
    share(totals.truePositives, totals.predictedPositives),
  );
}
