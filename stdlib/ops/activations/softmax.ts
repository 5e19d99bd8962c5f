/** eˣ / Σ eˣ */

import { float } from '../../../compiler/op/accepts.ts';
import { axisOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { Along } from '../../../compiler/op/signatures.ts';
import { divide } from '../arithmetic/divide.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { subtract } from '../arithmetic/subtract.ts';
import { stopGradient } from '../conversion/stopGradient.ts';
import { exp } from '../exponential/exp.ts';
import { max } from '../reduction/max.ts';
import { sum } from '../reduction/sum.ts';

/** eˣ / Σ eˣ along `axis` (the last by default), without overflow: shares that add up to 1. */
export const softmax: Op<Along> = composite({
  name: 'softmax',
  family: 'activation',
  inputs: { x: float },
  options: { axis: option.axis(-1) },
  body: ({ x }, options) => {
    const axis = axisOf(options.axis, x.shape.length, 'softmax');
    const powers = exp(subtract(x, stopGradient(max(x, { axis, keepDims: true }))));
    return divide(powers, sum(powers, { axis, keepDims: true }));
  },
  gradient: ({ options, dy, y }) => {
    const axis = axisOf(options.axis, y.shape.length, 'softmax');
    return { x: multiply(y, subtract(dy, sum(multiply(dy, y), { axis, keepDims: true }))) };
  },
  domain: { x: reals() },
  examples: [
    [[[0, 0]], [0.5, 0.5]],
    [[[1000, 1000, 1000, 1000]], [0.25, 0.25, 0.25, 0.25]],
  ],
});
