/** Count, mean and variance of rows that come batch by batch. */

import { product } from '../../../compiler/ir/dim.ts';
import { dimension } from '../../../compiler/op/leaf.ts';
import type { Dim, Tensor } from '../../../dsl/tensor.ts';
import { add } from '../../ops/arithmetic/add.ts';
import { divide } from '../../ops/arithmetic/divide.ts';
import { multiply } from '../../ops/arithmetic/multiply.ts';
import { square } from '../../ops/arithmetic/square.ts';
import { subtract } from '../../ops/arithmetic/subtract.ts';
import { reshape } from '../../ops/movement/reshape.ts';
import { mean as meanOf } from '../../ops/reduction/mean.ts';
import { variance as varianceOf } from '../../ops/reduction/variance.ts';
import { flushToZero } from '../../ops/rounding/flushToZero.ts';

export interface Statistics {
  /** How many elements stand behind each of them, less what was forgotten. */
  readonly count: Tensor;
  readonly mean: Tensor;
  /** Divided by the number of elements. */
  readonly variance: Tensor;
}

/**
 * The statistics with those of x, whose axes other than `own` are folded, by the formulas of Chan, Golub & LeVeque (1979). `kept`
 * is the share of the earlier count that still counts.
 */
export function including(held: Statistics, x: Tensor, own: readonly number[], kept = 1): Statistics {
  const over = x.shape.map((_, at) => at).filter((at) => !own.includes(at));
  const rows = dimension(product(over.map((at): Dim => x.shape[at] ?? 1)));
  const count = add(kept === 1 ? held.count : multiply(held.count, kept), rows);
  const share = divide(rows, count);
  const ofChannels = (statistic: Tensor): Tensor => reshape(statistic, held.mean.shape);
  const away = subtract(ofChannels(meanOf(x, { axis: over })), held.mean);
  const rest = subtract(1, share);
  // Not from the old variance on: of the first batch, whose share is 1, nothing of the initial 1 may be left.
  const within = add(
    multiply(held.variance, rest),
    multiply(ofChannels(varianceOf(x, { axis: over })), share),
  );
  const between = multiply(square(away), multiply(share, rest));
  return {
    count,
    mean: add(held.mean, multiply(away, share)),
    variance: flushToZero(add(within, between)),
  };
}
