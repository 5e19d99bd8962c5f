/** Channels standardised by the mean and variance of all rows so far: for streams whose scale nobody knows beforehand. */

import { siteScope } from '../../../compiler/ir/site.ts';
import { notNegative, rate, whole } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import { isFrozen } from '../../../compiler/op/freeze.ts';
import { state, training } from '../../../compiler/op/leaf.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { add } from '../../ops/arithmetic/add.ts';
import { multiply } from '../../ops/arithmetic/multiply.ts';
import { subtract } from '../../ops/arithmetic/subtract.ts';
import { where } from '../../ops/comparison/where.ts';
import { update } from '../../ops/control/update.ts';
import { stopGradient } from '../../ops/conversion/stopGradient.ts';
import { ones } from '../../ops/creation/ones.ts';
import { rsqrt } from '../../ops/exponential/rsqrt.ts';
import { axesIn, knownSize } from '../parts/check-inputs.ts';
import { along } from '../parts/scale-and-shift.ts';
import type { Statistics } from '../parts/statistics.ts';
import { including } from '../parts/statistics.ts';

export interface RunningNormalizationOptions extends LayerOptions {
  /** The axis of the channels. Default −1. */
  readonly axis?: number | undefined;
  /** How much of the weight of earlier rows is lost at each batch, in [0, 1). Default 0: all rows count alike. */
  readonly forget?: number | undefined;
  /** Added to the variance. Default 1e-6. */
  readonly epsilon?: number | undefined;
}

type RunningNormalization = (
  options?: RunningNormalizationOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<S, 'float32'>>;

/**
 * (x − mean) / √(variance + epsilon) for each channel, with the mean and variance (divided by the number of elements) of all
 * rows that were trained on, those of the present batch included: a batch of one row will do, and training and predicting
 * see the same numbers. Two sets of rows are joined by the formulas of Chan, Golub & LeVeque (1979), of single rows Welford's
 * (1962): with s = b/(n + b), mean + s·δ and (1 − s)·variance + s·variance_b + s·(1 − s)·δ², δ = mean_b − mean. With `forget`,
 * n is (1 − forget)·n before: about 1/forget batches count. Predicting and a frozen layer take the statistics as they are; before
 * the first batch these are 0 and 1. State: `count` [], `mean` and `variance`, one number a channel. No parameters.
 */
export const runningNormalization: LayerKind<RunningNormalization> = defineLayer(
  'runningNormalization',
  ({ axis = -1, forget = 0, epsilon = 1e-6 }: RunningNormalizationOptions = {}) => {
    const axes = (x: Tensor): number[] => axesIn('runningNormalization', x, axis);
    return {
      build: (x): Statistics => {
        const channels = axes(x).map((at) => knownSize('runningNormalization', x, at));
        return {
          count: state([]),
          mean: state(channels),
          variance: state(channels, { initializer: ones }),
        };
      },
      call: (held, x) => {
        const own = axes(x);
        const normalized = ({ mean, variance }: Statistics): Tensor =>
          multiply(subtract(x, along(mean, x, own)), rsqrt(add(along(variance, x, own), epsilon)));
        if (isFrozen(siteScope())) return normalized(held);
        const seen = including(held, x, own, 1 - forget);
        const y = where(training, normalized(seen), normalized(held));
        const counted = update(y, held.count, seen.count);
        const centred = update(counted, held.mean, stopGradient(seen.mean));
        return update(centred, held.variance, stopGradient(seen.variance));
      },
    };
  },
  {
    options: { axis: whole, forget: rate, epsilon: notNegative },
    rowwise: false,
    examples: [
      { of: [], on: [[3]] },
      { of: [{ axis: 1, forget: 0.25, epsilon: 0.01 }], on: [[2, 3]] },
    ],
  },
);
