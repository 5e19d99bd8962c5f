/** The square root of the average squared difference, over the whole dataset. */

import { defineMetric } from '../../compiler/op/define/define-metric.ts';
import { reals } from '../../compiler/op/domain.ts';
import { metric } from '../../compiler/op/metric.ts';
import { meanSquaredError } from '../losses/meanSquaredError.ts';
import { divide } from '../ops/arithmetic/divide.ts';
import { sqrt } from '../ops/exponential/sqrt.ts';
import { sum } from '../ops/reduction/sum.ts';
import { countOf } from './parts/count-of.ts';

/** √mean((yTrue − yPred)²) over all rows; the root is taken once, at the end. */
export const rootMeanSquaredError = defineMetric(
  'rootMeanSquaredError',
  (yTrue, yPred) => {
    const squares = meanSquaredError(yTrue, yPred);
    return metric({ squares: sum(squares), count: countOf(squares) }, (totals) =>
      sqrt(divide(totals.squares, totals.count)),
    );
  },
  {
    domain: { yTrue: reals(), yPred: reals() },
    examples: [
      {
        rows: [
          [1, 2, 3, 4],
          [1, 4, 3, 8],
        ],
        gives: Math.sqrt(5),
      },
    ],
  },
);
