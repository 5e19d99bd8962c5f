/** How many of the true positives are predicted. */

import { defineMetric } from '../../compiler/op/define/define-metric.ts';
import { metric } from '../../compiler/op/metric.ts';
import type { ThresholdOptions } from './binaryAccuracy.ts';
import { countPositives, positivesTake } from './parts/positives.ts';
import { ratio } from './parts/ratio.ts';

/** True positives / actual positives over all rows; 0 if there is none. */
export const recall = defineMetric(
  'recall',
  (yTrue, yPred, options: ThresholdOptions = {}) => {
    const { truePositives, actualPositives } = countPositives('recall', yTrue, yPred, options);
    return metric({ truePositives, actualPositives }, (totals) =>
      ratio(totals.truePositives, totals.actualPositives),
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
        gives: 0.5,
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
