/** A vector of length 1. */
import { float } from '../../../compiler/op/accepts.ts';
import { axesOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { ShapeOf } from '../../../compiler/op/signatures.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { rsqrt } from '../exponential/rsqrt.ts';
import { sum } from '../reduction/sum.ts';
import { maximum } from './maximum.ts';
import { multiply } from './multiply.ts';
import { square } from './square.ts';

type L2Normalize = <X extends Tensor>(
  x: X,
  options?: { readonly axis?: number | readonly number[] | null; readonly epsilon?: number },
) => Tensor<ShapeOf<X>, 'float32'>;

/** x / √max(Σ x², epsilon) along `axis` (the last by default). */
export const l2Normalize: Op<L2Normalize> = composite({
  name: 'l2Normalize',
  inputs: { x: float },
  options: { axis: option.axes(-1), epsilon: option.number(1e-12) },
  body: ({ x }, options) => {
    const axis = axesOf(options.axis, x.shape.length, 'l2Normalize');
    const length = maximum(sum(square(x), { axis, keepDims: true }), options.epsilon);
    return multiply(x, rsqrt(length));
  },
  domain: { x: reals({ min: 0.5, max: 4 }) },
  examples: [[[[3, 4]], [0.6, 0.8]]],
});
