/** A convolution of each channel, then a mixture of the channels. */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { depthwiseConv } from './depthwiseConv.ts';
import { convolve } from './parts/convolve.ts';
import type { SlidingOptions } from './parts/sliding.ts';
import { slidingOptions } from './parts/sliding.ts';

type SeparableConv = (
  x: Tensor,
  depthwiseKernel: Tensor,
  pointwiseKernel: Tensor,
  options?: SlidingOptions,
) => Tensor<Shape, 'float32'>;

/**
 * depthwiseConv(x, depthwiseKernel), convolved with a pointwise kernel [1, …, 1, channels · multiplier, filters]:
 * [B, …spatial, channels] → [B, …places, filters].
 */
export const separableConv: Op<SeparableConv> = composite({
  name: 'separableConv',
  inputs: { x: float, depthwiseKernel: float, pointwiseKernel: float },
  options: slidingOptions,
  body: ({ x, depthwiseKernel, pointwiseKernel }, options) =>
    convolve(depthwiseConv(x, depthwiseKernel, options), pointwiseKernel),
  domain: { x: reals(), depthwiseKernel: reals(), pointwiseKernel: reals() },
  examples: [
    [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
        ],
        [
          [[1], [10]],
          [[100], [1000]],
        ],
        [[[1], [-1]]],
      ],
      [[[-3719]]],
    ],
  ],
});
