/** Sums of products of windows of a tensor and a kernel: what every convolution is made of. */
import { float } from '../../../../compiler/op/accepts.ts';
import type { Op } from '../../../../compiler/op/card.ts';
import { defineOp } from '../../../../compiler/op/define/define-op.ts';
import { reals } from '../../../../compiler/op/domain.ts';
import { filled } from '../../../../compiler/op/values.ts';
import type { Shape, Tensor } from '../../../../dsl/tensor.ts';
import { inputGradient } from '../../../gradients/convolution.ts';
import { convolveIn } from '../../../tensorflow/convolve.ts';
import { convolveKernelGradient } from './convolveKernelGradient.ts';
import type { ConvolveOptions } from './geometry.ts';
import { convolvedShape, geometryOf, geometryOptions } from './geometry.ts';
import { planConvolve } from './plan-convolve.ts';
import { eachProduct } from './products.ts';

type Convolve = (x: Tensor, kernel: Tensor, options?: ConvolveOptions) => Tensor<Shape, 'float32'>;

/**
 * y[b, o, c] = Σ x[b, i, d] · kernel[k, d, c] over all taps k and channels d, where along each spatial axis
 * i · inputDilation = o · stride + k · kernelDilation − padding before. x: [B, …spatial, channels], kernel: [...taps,
 * channels / groups, filters], y: [B, …places, filters].
 */
export const convolve: Op<Convolve> = defineOp({
  name: 'convolve',
  kind: 'convolve',
  inputs: { x: float, kernel: float },
  options: geometryOptions,
  type: ({ x, kernel }, options, op) => ({
    dtype: 'float32',
    shape: convolvedShape(x, kernel, options, op),
  }),
  evaluate: ({ x, kernel }, options, { dtype, shape }) => {
    const y = filled(dtype, shape, 0);
    const shapes = { x: x.shape, kernel: kernel.shape, y: y.shape };
    eachProduct(shapes, geometryOf(options, shape.length - 2), (i, k, o) => {
      y.data[o] = y.data[o]! + x.data[i]! * kernel.data[k]!;
    });
    return y;
  },
  gradient: ({ inputs: { x, kernel }, options, dy }) => {
    const spatial = x.shape.length - 2;
    const geometry = geometryOf(options, spatial);
    const taps = kernel.shape.slice(0, spatial) as number[];
    return {
      x: inputGradient(dy, kernel, x.shape, geometry),
      kernel: convolveKernelGradient(x, dy, { taps, ...geometry }),
    };
  },
  lower: {
    tensorflow: (tf, { x, kernel }, options, type) =>
      convolveIn(tf, x, kernel, geometryOf(options, x.shape.length - 2), type),
    plan: ({ x, kernel }, options) => planConvolve(x, kernel, geometryOf(options, x.shape.length - 2)),
  },
  domain: { x: reals(), kernel: reals() },
  cost: 64,
  examples: [
    [[[[[1], [2], [3], [4]]], [[[1]], [[10]]]], [[[21], [32], [43]]]],
    [
      [[[[1], [2], [3], [4]]], [[[1]], [[10]]], { strides: [2], padding: [[1, 0]], kernelDilation: [2] }],
      [[[20], [42]]],
    ],
    [
      [[[[1], [2]]], [[[1]], [[10]], [[100]]], { padding: [[2, 2]], inputDilation: [2] }],
      [[[100], [10], [201], [20], [2]]],
    ],
    [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
        ],
        [[[1, 10]], [[100, 1000]]],
        { groups: 2 },
      ],
      [[[301, 4020]]],
    ],
    [
      [
        [
          [
            [[1], [2]],
            [[3], [4]],
          ],
        ],
        [[[[1]]], [[[100]]]],
        {
          padding: [
            [1, 0],
            [0, -1],
          ],
        },
      ],
      [[[[100]], [[301]]]],
    ],
  ],
});
