/** Values with average 0 and variance 1. */
import { float } from '../../../compiler/op/accepts.ts';
import { axesOf } from '../../../compiler/op/axes.ts';
import type { Attributes, Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define.ts';
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

type Standardize = <X extends Tensor>(
  x: X,
  options?: { readonly axis?: number | readonly number[] | null; readonly epsilon?: number },
) => Tensor<ShapeOf<X>, 'float32'>;

/** The distances from the average, and 1 / √(variance + epsilon). */
function parts(x: Tensor, attributes: Attributes): { axis: number[]; distance: Tensor; share: Tensor } {
  const axis = axesOf(attributes.axis, x.shape.length, 'standardize');
  // The variance is taken in a second pass, from the distances: E[x²] − E[x]² would cancel.
  const distance = subtract(x, mean(x, { axis, keepDims: true }));
  const spread = mean(square(distance), { axis, keepDims: true });
  return { axis, distance, share: rsqrt(add(spread, attributes.epsilon as number)) };
}

/** (x − mean) / √(variance + epsilon), both taken along `axis` (the last by default): the heart of the normalisations. */
export const standardize: Op<Standardize> = composite({
  name: 'standardize',
  inputs: { x: float },
  options: { axis: option.axes(-1), epsilon: option.number(1e-5) },
  body: ([input], attributes) => {
    const { distance, share } = parts(input as Tensor, attributes);
    return multiply(distance, share);
  },
  // With r the reciprocal deviation: r · (dy − mean dy − y · mean (dy · y)).
  gradient: ({ inputs: [x], attributes, dy, y }) => {
    const { axis, share } = parts(x!, attributes);
    const fold = { axis, keepDims: true };
    const away = add(mean(dy, fold), multiply(y, mean(multiply(dy, y), fold)));
    return [multiply(share, subtract(dy, away))];
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
