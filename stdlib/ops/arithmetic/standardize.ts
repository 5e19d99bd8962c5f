/** Values with average 0 and variance 1. */
import { float } from '../../../compiler/op/accepts.ts';
import { axesOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { ShapeOf } from '../../../compiler/op/signatures.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { rsqrt } from '../exponential/rsqrt.ts';
import { mean } from '../reduction/mean.ts';
import { add } from './add.ts';
import { multiply } from './multiply.ts';
import { square } from './square.ts';
import { subtract } from './subtract.ts';

export interface StandardizeOptions {
  /** Along which axes; default the last. */
  readonly axis?: number | readonly number[] | null | undefined;
  /** Added to the variance, so that it is never 0; default 1e-5. */
  readonly epsilon?: number | undefined;
}
type Standardize = <X extends Tensor>(x: X, options?: StandardizeOptions) => Tensor<ShapeOf<X>, 'float32'>;

/** The distances from the average, and 1 / √(variance + epsilon). */
function parts(
  x: Tensor,
  options: option.Settled<StandardizeOptions>,
): { axis: number[]; distance: Tensor; share: Tensor } {
  const axis = axesOf(options.axis, x.shape.length, 'standardize');
  // The variance is taken in a second pass, from the distances: E[x²] − E[x]² would cancel.
  const distance = subtract(x, mean(x, { axis, keepDims: true }));
  const spread = mean(square(distance), { axis, keepDims: true });
  return { axis, distance, share: rsqrt(add(spread, options.epsilon)) };
}

/** (x − mean) / √(variance + epsilon), both taken along `axis` (the last by default): the heart of the normalisations. */
export const standardize: Op<Standardize> = composite({
  name: 'standardize',
  inputs: { x: float },
  options: { axis: option.axes(-1), epsilon: option.number(1e-5) },
  body: ({ x }, options) => {
    const { distance, share } = parts(x, options);
    return multiply(distance, share);
  },
  // With r the reciprocal deviation: r · (dy − mean dy − y · mean (dy · y)).
  gradient: ({ inputs: { x }, options, dy, y }) => {
    const { axis, share } = parts(x, options);
    const fold = { axis, keepDims: true };
    const away = add(mean(dy, fold), multiply(y, mean(multiply(dy, y), fold)));
    return { x: multiply(share, subtract(dy, away)) };
  },
  domain: { x: reals() },
  examples: [
    [
      [[1, 3], { epsilon: 3 }],
      [-0.5, 0.5],
    ],
    [
      [
        [
          [1, 5],
          [3, 5],
        ],
        { axis: 0, epsilon: 3 },
      ],
      [
        [-0.5, 0],
        [0.5, 0],
      ],
    ],
  ],
});
