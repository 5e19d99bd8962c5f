/** The average squared distance from the average. */
import { float } from '../../../compiler/op/accepts.ts';
import { axesOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { RealReduce } from '../../../compiler/op/signatures.ts';
import { square } from '../arithmetic/square.ts';
import { subtract } from '../arithmetic/subtract.ts';
import { mean } from './mean.ts';

/** The average squared distance of the elements along `axis` from their average, divided by their number. */
export const variance: Op<RealReduce> = composite({
  name: 'variance',
  inputs: { x: float },
  options: { axis: option.axes(null), keepDims: option.flag(false) },
  body: ({ x }, options) => {
    const axis = axesOf(options.axis, x.shape.length, 'variance');
    const distance = subtract(x, mean(x, { axis, keepDims: true }));
    return mean(square(distance), { axis, keepDims: options.keepDims });
  },
  domain: { x: reals() },
  examples: [
    [[[1, 3]], 1],
    [
      [
        [
          [1, 3],
          [2, 2],
        ],
        { axis: -1 },
      ],
      [1, 0],
    ],
  ],
});
