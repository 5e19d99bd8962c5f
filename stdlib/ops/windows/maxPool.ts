/** The largest element of each window. */
import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { max } from '../reduction/max.ts';
import type { Pool } from './parts/pooling.ts';
import { pooled, poolingOf, poolOptions } from './parts/pooling.ts';

/**
 * [B, …spatial, channels] → [B, …places, channels]: the largest element of each window of `poolSize`, channel by channel.
 * What lies outside x is no element. Elements that tie share the gradient evenly.
 */
export const maxPool: Op<Pool> = composite({
  name: 'maxPool',
  inputs: { x: numeric },
  options: poolOptions,
  positional: ['poolSize'],
  body: ({ x }, options) => {
    const lowest = x.dtype === 'int32' ? -(2 ** 31) : Number.NEGATIVE_INFINITY;
    const { seen, within } = pooled(x, poolingOf(x, options, 'maxPool'), lowest);
    return max(seen, { axis: within });
  },
  domain: { x: reals() },
  examples: [
    [[[[[1], [5], [2], [3], [4]]], 2], [[[5], [3]]]],
    [[[[[1], [5], [2], [3], [4]]], 2, { padding: 'same' }], [[[5], [3], [4]]]],
    [
      [
        [
          [
            [[1], [2], [3]],
            [[4], [-5], [6]],
          ],
        ],
        [2, 2],
        { strides: 1 },
      ],
      [[[[4], [6]]]],
    ],
  ],
});
