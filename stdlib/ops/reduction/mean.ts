/** The average. */

import { product } from '../../../compiler/ir/dim.ts';
import { float } from '../../../compiler/op/accepts.ts';
import { axesOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { dimension } from '../../../compiler/op/leaf.ts';
import * as option from '../../../compiler/op/options.ts';
import type { RealReduce } from '../../../compiler/op/signatures.ts';
import { divide } from '../arithmetic/divide.ts';
import { sum } from './sum.ts';

/** The average of the elements along `axis`; of none, NaN. */
export const mean: Op<RealReduce> = composite({
  name: 'mean',
  inputs: { x: float },
  options: { axis: option.axes(null), keepDims: option.flag(false) },
  body: ({ x }, { axis, keepDims }) => {
    const over = axesOf(axis, x.shape.length, 'mean');
    const count = product(over.map((at) => x.shape[at]!));
    return divide(sum(x, { axis: over, keepDims }), dimension(count));
  },
  domain: { x: reals() },
  examples: [
    [
      [
        [
          [1, 2],
          [3, 6],
        ],
      ],
      3,
    ],
    [
      [
        [
          [1, 2],
          [3, 6],
        ],
        { axis: 0 },
      ],
      [2, 4],
    ],
  ],
});
