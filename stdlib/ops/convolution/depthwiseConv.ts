/** A convolution of each channel on its own. */

import { shapeText } from '../../../compiler/ir/dim.ts';
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { reshape } from '../movement/reshape.ts';
import { convolve } from './parts/convolve.ts';
import type { SlidingOptions } from './parts/sliding.ts';
import { haveAxes, slidingOptions, slidingOver } from './parts/sliding.ts';

type DepthwiseConv = (x: Tensor, kernel: Tensor, options?: SlidingOptions) => Tensor<Shape, 'float32'>;

/**
 * Each channel convolved with kernels of its own. x: [B, …spatial, channels], kernel: [...taps, channels, multiplier],
 * result: [B, …places, channels · multiplier], the results of a channel side by side.
 */
export const depthwiseConv: Op<DepthwiseConv> = composite({
  name: 'depthwiseConv',
  inputs: { x: float, kernel: float },
  options: slidingOptions,
  body: ({ x, kernel }, options) => {
    if (!haveAxes(x, kernel)) return convolve(x, kernel);
    const taps = kernel.shape.slice(0, -2) as number[];
    const [channels, multiplier] = kernel.shape.slice(-2) as [number, number];
    if (x.shape.at(-1) !== channels) {
      throw new TypeMismatch({
        message: `depthwiseConv needs a kernel for each of ${x.shape.at(-1)} channels`,
        blame: 1,
        expected: shapeText([...taps, x.shape.at(-1)!, multiplier]),
        received: shapeText(kernel.shape),
      });
    }
    const parted = reshape(kernel, [...taps, 1, channels * multiplier]);
    return convolve(x, parted, { ...slidingOver(x, taps, options, 'depthwiseConv'), groups: channels });
  },
  domain: { x: reals(), kernel: reals() },
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
      ],
      [[[301, 4020]]],
    ],
    [
      [
        [[[1, 2]]],
        [
          [
            [1, 10],
            [100, 1000],
          ],
        ],
        { padding: 'same' },
      ],
      [[[1, 10, 200, 2000]]],
    ],
  ],
});
