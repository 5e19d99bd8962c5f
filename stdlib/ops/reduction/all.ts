/** Whether all hold. */
import { truth } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { truths } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { TruthReduce } from '../../../compiler/op/signatures.ts';
import { less } from '../comparison/less.ts';
import { cast } from '../conversion/cast.ts';
import { min } from './min.ts';

/** Whether all elements along `axis` hold; of none, true. */
export const all: Op<TruthReduce> = composite({
  name: 'all',
  inputs: { x: truth },
  options: { axis: option.axes(null), keepDims: option.flag(false) },
  body: ({ x }, options) => less(0, min(cast(x, 'int32'), options)),
  domain: { x: truths() },
  examples: [
    [
      [
        [
          [true, false],
          [true, true],
        ],
        { axis: -1 },
      ],
      [false, true],
    ],
    [[[true, true]], true],
  ],
});
