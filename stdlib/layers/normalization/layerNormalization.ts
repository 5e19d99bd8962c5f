/** Each row standardised on its own. */
import { axes, notNegative } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { standardize } from '../../ops/arithmetic/standardize.ts';
import { axesIn } from '../parts/check-inputs.ts';
import type { ScaleAndShiftOptions } from '../parts/scale-and-shift.ts';
import { scaleAndShift, scaleAndShiftChecks, scaledAndShifted } from '../parts/scale-and-shift.ts';

export interface LayerNormalizationOptions extends ScaleAndShiftOptions, LayerOptions {
  /** The axes over which a row is standardised, and which `gamma` and `beta` span. Default −1. */
  readonly axis?: number | readonly number[] | undefined;
  /** Added to the variance. Default 0.001. */
  readonly epsilon?: number | undefined;
}

type LayerNormalization = (
  options?: LayerNormalizationOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<S, 'float32'>>;

/**
 * gamma · (x − mean) / √(variance + epsilon) + beta, mean and variance over `axis` of each row (Ba et al. 2016).
 * Parameters: `gamma` and `beta`, with the sizes of x along `axis`.
 */
export const layerNormalization: LayerKind<LayerNormalization> = defineLayer(
  'layerNormalization',
  (options: LayerNormalizationOptions = {}) => {
    const { axis = -1, epsilon = 1e-3 } = options;
    const axes = (x: Tensor): number[] => axesIn('layerNormalization', x, axis);
    return {
      build: (x) => scaleAndShift('layerNormalization', x, axes(x), options),
      call: (params, x) => scaledAndShifted(standardize(x, { axis: axes(x), epsilon }), params, axes(x)),
    };
  },
  {
    options: { ...scaleAndShiftChecks, axis: axes, epsilon: notNegative },
    examples: [
      { of: [], on: [[5]] },
      { of: [{ axis: [1, 2] }], on: [[3, 4]] },
    ],
  },
);
