/** Where the smallest element is. */
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
import { min } from './min.ts';

const none = 2 ** 31 - 1;

/** The number of the smallest element along `axis`, the first of them where several tie, as an int32. */
export const argMin: Op<ArgReduce> = composite({
  name: 'argMin',
  inputs: { x: numeric },
  options: { axis: option.axis(-1), keepDims: option.flag(false) },
  body: ({ x }, options) => {
    const axis = axisOf(options.axis, x.shape.length, 'argMin');
    const smallest = equal(x, min(x, { axis, keepDims: true }));
    return min(where(smallest, iota(x.shape, axis), none), { axis, keepDims: options.keepDims });
  },
  domain: { x: reals() },
  examples: [
    [[[4, 1, 2]], 1],
    [
      [
        [
          [1, 5],
          [7, 7],
        ],
      ],
      [0, 0],
    ],
  ],
});
