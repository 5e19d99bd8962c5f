/** How many of the predicted positives are true. */

import { defineMetric } from '../../compiler/op/define/define-metric.ts';
import { metric } from '../../compiler/op/metric.ts';
import type { ThresholdOptions } from './binaryAccuracy.ts';
import { countPositives, positivesTake } from './parts/positives.ts';
import { ratio } from './parts/ratio.ts';

/** True positives / predicted positives over all rows; 0 if none was predicted. */
export const precision = defineMetric(
  'precision',
  (yTrue, yPred, options: ThresholdOptions = {}) => {
    const { truePositives, predictedPositives } = countPositives('precision', yTrue, yPred, options);
    return metric({ truePositives, predictedPositives }, (totals) =>
      ratio(totals.truePositives, totals.predictedPositives),
    );
  },
  {
    ...positivesTake,
    examples: [
      {
        rows: [
          [1, 0, 1],
          [0.9, 0.8, 0.2],
        ],
        gives: 0.5,
      },
      {
        rows: [
          [1, 0, 1],
          [0.9, 0.8, 0.2],
        ],
        options: { threshold: 0.85 },
        gives: 1,
      },
      {
        rows: [
          [0, 0],
          [0.1, 0.2],
        ],
        gives: 0,
      },
    ],
  },
);
