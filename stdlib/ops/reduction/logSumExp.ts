/** ln Σ eˣ */

import { float } from '../../../compiler/op/accepts.ts';
import { axesOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { RealReduce } from '../../../compiler/op/signatures.ts';
import { reducing } from '../../../compiler/op/type-rules.ts';
import { add } from '../arithmetic/add.ts';
import { subtract } from '../arithmetic/subtract.ts';
import { stopGradient } from '../conversion/stopGradient.ts';
import { exp } from '../exponential/exp.ts';
import { log } from '../exponential/log.ts';
import { reshape } from '../movement/reshape.ts';
import { max } from './max.ts';
import { sum } from './sum.ts';

/** ln Σ eˣ along `axis`, without overflow: the largest element is taken out before and put back after. */
export const logSumExp: Op<RealReduce> = composite({
  name: 'logSumExp',
  inputs: { x: float },
  options: { axis: option.axes(null), keepDims: option.flag(false) },
  body: ({ x }, options) => {
    const axis = axesOf(options.axis, x.shape.length, 'logSumExp');
    const largest = stopGradient(max(x, { axis, keepDims: true }));
    const total = sum(exp(subtract(x, largest)), { axis, keepDims: true });
    const { shape } = reducing({ x }, options, 'logSumExp');
    return reshape(add(log(total), largest), shape);
  },
  domain: { x: reals() },
  examples: [
    [[[0, 0]], Math.LN2],
    [[[1000, 1000]], 1000 + Math.LN2],
  ],
});
