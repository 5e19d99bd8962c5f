/** Groups of channels standardised, row by row. */

import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { SHP201 } from '../../../compiler/diagnostics/shape.ts';
import { siteSpan } from '../../../compiler/ir/site.ts';
import type { Check } from '../../../compiler/op/arguments.ts';
import { count, notNegative, whole } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { standardize } from '../../ops/arithmetic/standardize.ts';
import { reshape } from '../../ops/movement/reshape.ts';
import { axesIn, knownSize } from '../parts/check-inputs.ts';
import type { ScaleAndShiftOptions } from '../parts/scale-and-shift.ts';
import { scaleAndShift, scaleAndShiftChecks, scaledAndShifted } from '../parts/scale-and-shift.ts';

export interface GroupNormalizationOptions extends ScaleAndShiftOptions, LayerOptions {
  /** Into how many groups the channels are divided; −1 gives each a group of its own. Default 32. */
  readonly groups?: number | undefined;
  /** The axis of the channels. Default −1. */
  readonly axis?: number | undefined;
  /** Added to the variance. Default 0.001. */
  readonly epsilon?: number | undefined;
}

type GroupNormalization = (
  options?: GroupNormalizationOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<S, 'float32'>>;

/** Into how many groups: at least one, or −1 for one a channel. */
const groups: Check = {
  expects: 'a whole number from 1 up, or −1',
  fits: (value) => count.fits(value) || value === -1,
};

function groupsOf(x: Tensor, axis: number, groups: number): number {
  const channels = knownSize('groupNormalization', x, axis);
  if (groups === -1) return channels;
  if (axis > 0 && channels % groups === 0) return groups;
  return refuse(
    SHP201({
      message:
        axis === 0
          ? 'groupNormalization cannot group the rows of a batch'
          : `groupNormalization cannot divide ${channels} channels into ${groups} groups`,
      span: siteSpan(),
      expected:
        axis === 0 ? 'an axis of channels behind the batch' : `a multiple of ${groups} along axis ${axis}`,
      received: typeText(x),
    }),
  );
}

/**
 * gamma · (x − mean) / √(variance + epsilon) + beta, mean and variance over each group of channels of each row, and over
 * all axes between (Wu & He 2018). Parameters: `gamma` and `beta`, one number a channel.
 */
export const groupNormalization: LayerKind<GroupNormalization> = defineLayer(
  'groupNormalization',
  (options: GroupNormalizationOptions = {}) => {
    const { groups = 32, axis = -1, epsilon = 1e-3 } = options;
    const axes = (x: Tensor): number[] => axesIn('groupNormalization', x, axis);
    return {
      build: (x) => scaleAndShift('groupNormalization', x, axes(x), options),
      call: (params, input) => {
        const x = input;
        const [at] = axes(x) as [number];
        const count = groupsOf(x, at, groups);
        const size = knownSize('groupNormalization', x, at) / count;
        const grouped = reshape(x, [...x.shape.slice(0, at), count, size, ...x.shape.slice(at + 1)]);
        const over = grouped.shape.map((_, i) => i).filter((i) => i !== 0 && i !== at);
        return scaledAndShifted(reshape(standardize(grouped, { axis: over, epsilon }), x.shape), params, [
          at,
        ]);
      },
    };
  },
  {
    options: { ...scaleAndShiftChecks, groups, axis: whole, epsilon: notNegative },
    examples: [
      { of: [{ groups: 2 }], on: [[5, 4]] },
      { of: [{ groups: -1, center: false }], on: [[5, 4]] },
    ],
  },
);
