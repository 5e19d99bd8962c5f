/** Channels standardised by the mean and variance of the training data, which are learned before the first step or told. */
import { ARG101 } from '../../../compiler/diagnostics/argument.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { siteSpan } from '../../../compiler/ir/site.ts';
import { axes, flag, notNegatives, orNull, reals } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import { constant, fitted, literal } from '../../../compiler/op/leaf.ts';
import { sizeOf } from '../../../compiler/op/values.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { add } from '../../ops/arithmetic/add.ts';
import { divide } from '../../ops/arithmetic/divide.ts';
import { maximum } from '../../ops/arithmetic/maximum.ts';
import { multiply } from '../../ops/arithmetic/multiply.ts';
import { subtract } from '../../ops/arithmetic/subtract.ts';
import { update } from '../../ops/control/update.ts';
import { ones } from '../../ops/creation/ones.ts';
import { sqrt } from '../../ops/exponential/sqrt.ts';
import { axesIn, knownSize } from '../parts/check-inputs.ts';
import { along } from '../parts/scale-and-shift.ts';
import type { Statistics } from '../parts/statistics.ts';
import { including } from '../parts/statistics.ts';

export interface NormalizationOptions extends LayerOptions {
  /** The axes that keep statistics of their own; null: one mean and variance for all. Default −1, and null for x [B]. */
  readonly axis?: number | readonly number[] | null | undefined;
  /** Known beforehand, with `variance`: a number, or one for each channel in row-major order. Default: learned of the data. */
  readonly mean?: number | readonly number[] | undefined;
  /** From 0 up. */
  readonly variance?: number | readonly number[] | undefined;
  /** From standardised values back: x · √variance + mean. Default false. */
  readonly invert?: boolean | undefined;
}

type Normalization = (
  options?: NormalizationOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<S, 'float32'>>;

/** What the standard deviation is at least. */
const epsilon = 1e-7;

/**
 * (x − mean) / max(√variance, 1e-7) for each channel, with the mean and variance (divided by the number of elements) of the
 * training data. They are learned in one pass over an epoch of these before the first step, by the formulas of Chan, Golub &
 * LeVeque (1979), are saved with the model, and are what validation data and predictions are standardised by; a run that goes on
 * from a model or a checkpoint has them from there. x is a column, or is computed from columns alone (PIP110); the data end and
 * can be read again (PIP111). Learned state: `count` [], `mean` and `variance`, one number a channel. No parameters.
 *
 * ```ts
 * const scaled = normalization();
 * model: ({ measurements }) => dense(3)(scaled(measurements))
 * ```
 */
export const normalization: LayerKind<Normalization> = defineLayer(
  'normalization',
  ({ axis, mean, variance, invert = false }: NormalizationOptions = {}) => {
    const own = (x: Tensor): number[] => {
      const named = axis === undefined ? (x.shape.length > 1 ? -1 : null) : axis;
      return named === null ? [] : axesIn('normalization', x, named);
    };
    return {
      build: (x): Statistics | Told => {
        const channels = own(x).map((at) => knownSize('normalization', x, at));
        if (mean !== undefined || variance !== undefined)
          return { mean: told('mean', mean, channels), variance: told('variance', variance, channels) };
        return {
          count: fitted([]),
          mean: fitted(channels),
          variance: fitted(channels, { initializer: ones }),
        };
      },
      call: (held, x) => {
        const axes = own(x);
        const deviation = maximum(sqrt(along(held.variance, x, axes)), epsilon);
        const centre = along(held.mean, x, axes);
        const y = invert ? add(multiply(x, deviation), centre) : divide(subtract(x, centre), deviation);
        if (!('count' in held)) return y;
        const seen = including(held, x, axes);
        return update(
          update(update(y, held.count, seen.count), held.mean, seen.mean),
          held.variance,
          seen.variance,
        );
      },
    };
  },
  {
    options: { axis: orNull(axes), mean: reals, variance: notNegatives, invert: flag },
    examples: [
      { of: [], on: [[3]] },
      { of: [{ axis: null }], on: [[2, 3]] },
      { of: [{ mean: [1, 2, 3], variance: 4, invert: true }], on: [[2, 3]] },
    ],
  },
);

type Told = Omit<Statistics, 'count'>;

/** The statistic that the user knows, one number a channel. */
function told(
  name: string,
  value: number | readonly number[] | undefined,
  channels: readonly number[],
): Tensor {
  if (typeof value === 'number') return constant(value, channels);
  if (value?.length === sizeOf(channels)) return literal(value, channels);
  return refuse(
    ARG101({
      message: `normalization needs ${name} as one number, or one for each channel`,
      span: siteSpan(),
      expected: value === undefined ? 'both mean and variance, or neither' : `${sizeOf(channels)} numbers`,
      received: value === undefined ? 'nothing' : `${value.length}`,
    }),
  );
}
