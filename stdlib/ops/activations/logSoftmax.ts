/** ln(eˣ / Σ eˣ) */
import { float } from '../../../compiler/op/accepts.ts';
import { axisOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { Along } from '../../../compiler/op/signatures.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { subtract } from '../arithmetic/subtract.ts';
import { stopGradient } from '../conversion/stopGradient.ts';
import { exp } from '../exponential/exp.ts';
import { log } from '../exponential/log.ts';
import { max } from '../reduction/max.ts';
import { sum } from '../reduction/sum.ts';

/** ln(eˣ / Σ eˣ) along `axis` (the last by default), without overflow and exact where a share is near 0. */
export const logSoftmax: Op<Along> = composite({
  name: 'logSoftmax',
  family: 'activation',
  inputs: { x: float },
  options: { axis: option.axis(-1) },
  body: ({ x }, options) => {
    const axis = axisOf(options.axis, x.shape.length, 'logSoftmax');
    const centred = subtract(x, stopGradient(max(x, { axis, keepDims: true })));
    return subtract(centred, log(sum(exp(centred), { axis, keepDims: true })));
  },
  gradient: ({ options, dy, y }) => {
    const axis = axisOf(options.axis, y.shape.length, 'logSoftmax');
    return { x: subtract(dy, multiply(exp(y), sum(dy, { axis, keepDims: true }))) };
  },
  domain: { x: reals() },
  examples: [
    [[[0, 0]], [-Math.LN2, -Math.LN2]],
    [[[1000, 0]], [0, -1000]],
  ],
});
