/** Where the largest element is. */

import { numeric } from '../../../compiler/op/accepts.ts';
import { axisOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { iota } from '../../../compiler/op/leaf.ts';
import * as option from '../../../compiler/op/options.ts';
import type { ArgReduce } from '../../../compiler/op/signatures.ts';
import { equal } from '../comparison/equal.ts';
import { where } from '../comparison/where.ts';
import { max } from './max.ts';
import { min } from './min.ts';

const none = 2 ** 31 - 1;

/** The number of the largest element along `axis`, the first of them where several tie, as an int32. */
export const argMax: Op<ArgReduce> = composite({
  name: 'argMax',
  inputs: { x: numeric },
  options: { axis: option.axis(-1), keepDims: option.flag(false) },
  body: ({ x }, options) => {
    const axis = axisOf(options.axis, x.shape.length, 'argMax');
    const largest = equal(x, max(x, { axis, keepDims: true }));
    return min(where(largest, iota(x.shape, axis), none), { axis, keepDims: options.keepDims });
  },
  domain: { x: reals() },
  examples: [
    [[[1, 5, 2]], 1],
    [
      [
        [
          [1, 5],
          [7, 7],
        ],
      ],
      [1, 0],
    ],
  ],
});
