/** The square root of the average squared difference, over the whole dataset. */
import type { Metric } from '../../compiler/op/metric.ts';
import { metric } from '../../compiler/op/metric.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { meanSquaredError } from '../losses/meanSquaredError.ts';
import { divide } from '../ops/arithmetic/divide.ts';
import { sqrt } from '../ops/exponential/sqrt.ts';
import { sum } from '../ops/reduction/sum.ts';
import { countOf } from './parts/count-of.ts';

/** √mean((yTrue − yPred)²) over all rows; the root is taken once, at the end. */
export function rootMeanSquaredError(yTrue: Tensor, yPred: Tensor): Metric {
  const squares = meanSquaredError(yTrue, yPred);
  return metric({ squares: sum(squares), count: countOf(squares) }, (totals) =>
    sqrt(divide(totals.squares, totals.count)),
  );
}
