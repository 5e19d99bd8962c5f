/** The gradient of a convolution for its kernel. */

import { sameShape } from '../../../../compiler/ir/dim.ts';
import { float } from '../../../../compiler/op/accepts.ts';
import type { Op, TensorType } from '../../../../compiler/op/card.ts';
import { defineOp } from '../../../../compiler/op/define/define-op.ts';
import { reals } from '../../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../../compiler/op/mismatch.ts';
import * as option from '../../../../compiler/op/options.ts';
import { typeText } from '../../../../compiler/op/type-text.ts';
import { filled } from '../../../../compiler/op/values.ts';
import type { Dim, Shape, Tensor } from '../../../../dsl/tensor.ts';
import { inputGradient } from '../../../gradients/convolution.ts';
import { kernelGradientIn } from '../../../tensorflow/convolve.ts';
import { convolve } from './convolve.ts';
import type { ConvolveOptions } from './geometry.ts';
import { convolvedShape, geometryOf, geometryOptions } from './geometry.ts';
import { planKernelGradient } from './plan-kernel-gradient.ts';
import { eachProduct } from './products.ts';

export interface KernelGradientOptions extends ConvolveOptions {
  /** The sizes of the kernel's spatial axes. */
  readonly taps: readonly number[];
}
type ConvolveKernelGradient = (
  x: Tensor,
  dy: Tensor,
  options: KernelGradientOptions,
) => Tensor<Shape, 'float32'>;

/** The kernel's own shape; refuses a dy that is no result of x and such a kernel. */
function kernelShape(
  x: TensorType,
  dy: TensorType,
  options: Required<KernelGradientOptions>,
  op: string,
): Shape {
  const { taps, groups } = options;
  const channels = x.shape.at(-1);
  const into: Dim = typeof channels === 'number' ? channels / groups : 0;
  const kernel = [...taps, into, dy.shape.at(-1) ?? 0];
  const y = convolvedShape(x, { dtype: 'float32', shape: kernel }, options, op);
  if (sameShape(y, dy.shape)) return kernel;
  throw new TypeMismatch({
    message: `${op} needs a gradient of the shape of the result`,
    blame: 1,
    expected: typeText({ dtype: 'float32', shape: y }),
    received: typeText(dy),
  });
}

/**
 * ∂loss/∂kernel[k, d, c] = Σ x[b, i, d] · dy[b, o, c] over the batch and all places o, of y = convolve(x, kernel) with the
 * same options. x: [B, …spatial, channels], dy: [B, …places, filters], result: [...taps, channels / groups, filters].
 */
export const convolveKernelGradient: Op<ConvolveKernelGradient> = defineOp({
  name: 'convolveKernelGradient',
  kind: 'convolve',
  inputs: { x: float, dy: float },
  options: { taps: option.wholes(), ...geometryOptions },
  type: ({ x, dy }, options, op) => ({ dtype: 'float32', shape: kernelShape(x, dy, options, op) }),
  evaluate: ({ x, dy }, options, { dtype, shape }) => {
    const kernel = filled(dtype, shape, 0);
    const shapes = { x: x.shape, kernel: kernel.shape, y: dy.shape };
    eachProduct(shapes, geometryOf(options, shape.length - 2), (i, k, o) => {
      kernel.data[k] = kernel.data[k]! + x.data[i]! * dy.data[o]!;
    });
    return kernel;
  },
  // The sum is linear in x and in dy, so that its gradients are those of the convolution it came from.
  gradient: ({ inputs: { x, dy }, options, dy: kernel }) => {
    const geometry = geometryOf(options, x.shape.length - 2);
    return { x: inputGradient(dy, kernel, x.shape, geometry), dy: convolve(x, kernel, geometry) };
  },
  lower: {
    tensorflow: (tf, { x, dy }, options, type) =>
      kernelGradientIn(tf, x, dy, geometryOf(options, x.shape.length - 2), type),
    plan: ({ x, dy }, options) =>
      planKernelGradient(x, dy, options.taps, geometryOf(options, x.shape.length - 2)),
  },
  domain: { x: reals(), dy: reals() },
  cost: 64,
  examples: [
    [
      [[[[1], [2], [3]]], [[[1], [10]]], { taps: [2] }],
      [[[21]], [[32]]],
    ],
    [
      [
        [
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        ],
        [
          [
            [1, 10],
            [100, 1000],
          ],
        ],
        { taps: [2], strides: [2], padding: [[1, 0]], groups: 2 },
      ],
      [[[300, 4000]], [[501, 6020]]],
    ],
    [
      [
        [[[1], [2]]],
        [[[1], [10], [100], [1000], [10000]]],
        { taps: [3], padding: [[2, 2]], inputDilation: [2] },
      ],
      [[[20100]], [[2010]], [[201]]],
    ],
  ],
});
