/** Each row divided by its root mean square. */
import { axes, notNegative } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import { param } from '../../../compiler/op/leaf.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { add } from '../../ops/arithmetic/add.ts';
import { multiply } from '../../ops/arithmetic/multiply.ts';
import { square } from '../../ops/arithmetic/square.ts';
import { ones } from '../../ops/creation/ones.ts';
import { rsqrt } from '../../ops/exponential/rsqrt.ts';
import { mean } from '../../ops/reduction/mean.ts';
import { axesIn, knownSize } from '../parts/check-inputs.ts';
import { along } from '../parts/scale-and-shift.ts';

export interface RmsNormalizationOptions extends LayerOptions {
  /** The axes over which the mean square is taken, and which `scale` spans. Default −1. */
  readonly axis?: number | readonly number[] | undefined;
  /** Added to the mean square. Default 0.000001. */
  readonly epsilon?: number | undefined;
}

type RmsNormalization = (
  options?: RmsNormalizationOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<S, 'float32'>>;

/**
 * scale · x / √(mean x² + epsilon), the mean over `axis` of each row (Zhang & Sennrich 2019). Parameter: `scale`, with
 * the sizes of x along `axis`, 1 at first.
 */
export const rmsNormalization: LayerKind<RmsNormalization> = defineLayer(
  'rmsNormalization',
  (options: RmsNormalizationOptions = {}) => {
    const { axis = -1, epsilon = 1e-6 } = options;
    const axes = (x: Tensor): number[] => axesIn('rmsNormalization', x, axis);
    return {
      build: (x) => ({
        scale: param(
          axes(x).map((at) => knownSize('rmsNormalization', x, at)),
          { initializer: ones },
        ),
      }),
      call: ({ scale }, x) => {
        const size = rsqrt(add(mean(square(x), { axis: axes(x), keepDims: true }), epsilon));
        return multiply(multiply(x, size), along(scale, x, axes(x)));
      },
    };
  },
  {
    options: { axis: axes, epsilon: notNegative },
    examples: [
      { of: [], on: [[5]] },
      { of: [{ axis: [1, 2] }], on: [[3, 4]] },
    ],
  },
);
