/** Channels standardised over the batch while training, and by moving statistics after it. */

import { siteScope } from '../../../compiler/ir/site.ts';
import { fraction, initializer, notNegative, whole } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import { isFrozen } from '../../../compiler/op/freeze.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { state, training } from '../../../compiler/op/leaf.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { add } from '../../ops/arithmetic/add.ts';
import { multiply } from '../../ops/arithmetic/multiply.ts';
import { standardize } from '../../ops/arithmetic/standardize.ts';
import { subtract } from '../../ops/arithmetic/subtract.ts';
import { where } from '../../ops/comparison/where.ts';
import { update } from '../../ops/control/update.ts';
import { stopGradient } from '../../ops/conversion/stopGradient.ts';
import { ones } from '../../ops/creation/ones.ts';
import { zeros } from '../../ops/creation/zeros.ts';
import { rsqrt } from '../../ops/exponential/rsqrt.ts';
import { reshape } from '../../ops/movement/reshape.ts';
import { mean } from '../../ops/reduction/mean.ts';
import { variance } from '../../ops/reduction/variance.ts';
import { flushToZero } from '../../ops/rounding/flushToZero.ts';
import { axesIn, knownSize } from '../parts/check-inputs.ts';
import type { ScaleAndShiftOptions } from '../parts/scale-and-shift.ts';
import { along, scaleAndShift, scaleAndShiftChecks, scaledAndShifted } from '../parts/scale-and-shift.ts';

export interface BatchNormalizationOptions extends ScaleAndShiftOptions, LayerOptions {
  /** The axis of the channels. Default −1. */
  readonly axis?: number | undefined;
  /** How much of the moving statistics stays in a step, in [0, 1]. Default 0.99. */
  readonly momentum?: number | undefined;
  /** Added to the variance. Default 0.001. */
  readonly epsilon?: number | undefined;
  /** Default `zeros`. */
  readonly movingMeanInitializer?: Initializer | undefined;
  /** Default `ones`. */
  readonly movingVarianceInitializer?: Initializer | undefined;
}

type BatchNormalization = (
  options?: BatchNormalizationOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<S, 'float32'>>;

/** The statistic after a step that saw `seen`, which has the axes of the batch too, with size 1. */
function moved(statistic: Tensor, seen: Tensor, momentum: number): Tensor {
  const ofChannels = reshape(stopGradient(seen), statistic.shape);
  return flushToZero(add(multiply(statistic, momentum), multiply(ofChannels, 1 - momentum)));
}

/**
 * gamma · (x − mean) / √(variance + epsilon) + beta for each channel (Ioffe & Szegedy 2015). While training, mean and
 * variance (divided by the number of elements) are those of the batch, and the moving ones follow them:
 * moving · momentum + batch · (1 − momentum). Otherwise, and in a frozen layer, the moving ones are used. Parameters: `gamma`, `beta`; state:
 * `movingMean`, `movingVariance`; one number a channel.
 */
export const batchNormalization: LayerKind<BatchNormalization> = defineLayer(
  'batchNormalization',
  (options: BatchNormalizationOptions = {}) => {
    const { axis = -1, momentum = 0.99, epsilon = 1e-3 } = options;
    const { movingMeanInitializer = zeros, movingVarianceInitializer = ones } = options;
    const axes = (x: Tensor): number[] => axesIn('batchNormalization', x, axis);
    return {
      build: (x) => {
        const channels = axes(x).map((at) => knownSize('batchNormalization', x, at));
        return {
          ...scaleAndShift('batchNormalization', x, axes(x), options),
          movingMean: state(channels, { initializer: movingMeanInitializer }),
          movingVariance: state(channels, { initializer: movingVarianceInitializer }),
        };
      },
      call: ({ movingMean, movingVariance, ...params }, input) => {
        const x = input;
        const own = axes(x);
        const over = x.shape.map((_, at) => at).filter((at) => !own.includes(at));
        const settled = multiply(
          subtract(x, along(movingMean, x, own)),
          rsqrt(add(along(movingVariance, x, own), epsilon)),
        );
        if (isFrozen(siteScope())) return scaledAndShifted(settled, params, own);
        const y = where(training, standardize(x, { axis: over, epsilon }), settled);
        const fold = { axis: over, keepDims: true };
        const followed = update(y, movingMean, moved(movingMean, mean(x, fold), momentum));
        const both = update(followed, movingVariance, moved(movingVariance, variance(x, fold), momentum));
        return scaledAndShifted(both, params, own);
      },
    };
  },
  {
    options: {
      ...scaleAndShiftChecks,
      axis: whole,
      momentum: fraction,
      epsilon: notNegative,
      movingMeanInitializer: initializer,
      movingVarianceInitializer: initializer,
    },
    rowwise: false,
    examples: [
      { of: [], on: [[3]] },
      { of: [{ axis: 1, momentum: 0.5, scale: false }], on: [[4, 3]] },
    ],
  },
);
