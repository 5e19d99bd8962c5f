/** The standard deviation. */
import { float } from '../../../compiler/op/accepts.ts';
import { axesOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { RealReduce } from '../../../compiler/op/signatures.ts';
import { sqrt } from '../exponential/sqrt.ts';
import { variance } from './variance.ts';

/** The square root of the variance of the elements along `axis`. */
export const std: Op<RealReduce> = composite({
  name: 'std',
  inputs: { x: float },
  options: { axis: option.axes(null), keepDims: option.flag(false) },
  body: ({ x }, options) => {
    const axis = axesOf(options.axis, x.shape.length, 'std');
    return sqrt(variance(x, { axis, keepDims: options.keepDims }));
  },
  domain: { x: reals() },
  examples: [
    [[[1, 3]], 1],
    [
      [
        [
          [1, 5],
          [2, 2],
        ],
        { axis: -1 },
      ],
      [2, 0],
    ],
  ],
});
