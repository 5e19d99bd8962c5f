/** Convolution, with Keras's options. */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { convolve } from './parts/convolve.ts';
import type { SlidingOptions } from './parts/sliding.ts';
import { haveAxes, slidingOptions, slidingOver } from './parts/sliding.ts';

export interface ConvOptions extends SlidingOptions {
  /** Parts that channels and filters fall into, each convolved on its own. Default 1. */
  readonly groups?: number | undefined;
}
type Conv = (x: Tensor, kernel: Tensor, options?: ConvOptions) => Tensor<Shape, 'float32'>;

/**
 * The convolution of neural networks (a correlation: the kernel is not turned around) over one, two, three or more
 * spatial axes. x: [B, …spatial, channels], kernel: [...taps, channels / groups, filters], result: [B, …places, filters].
 */
export const conv: Op<Conv> = composite({
  name: 'conv',
  inputs: { x: float, kernel: float },
  options: { ...slidingOptions, groups: option.whole(1) },
  body: ({ x, kernel }, options) => {
    if (!haveAxes(x, kernel)) return convolve(x, kernel);
    const taps = kernel.shape.slice(0, -2) as number[];
    return convolve(x, kernel, {
      ...slidingOver(x, taps, options, 'conv'),
      groups: options.groups,
    });
  },
  domain: { x: reals(), kernel: reals() },
  examples: [
    [[[[[1], [2], [3], [4]]], [[[1]], [[10]]]], [[[21], [32], [43]]]],
    [
      [[[[1], [2], [3], [4]]], [[[1]], [[10]]], { padding: 'causal', dilationRate: 2 }],
      [[[10], [20], [31], [42]]],
    ],
    [[[[[1], [2], [3], [4]]], [[[1]], [[10]], [[100]]], { padding: 'same', strides: 2 }], [[[321], [43]]]],
  ],
});
