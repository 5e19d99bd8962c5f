/** Whether any holds. */
import { truth } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { truths } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { TruthReduce } from '../../../compiler/op/signatures.ts';
import { less } from '../comparison/less.ts';
import { cast } from '../conversion/cast.ts';
import { max } from './max.ts';

/** Whether any element along `axis` holds; of none, false. */
export const any: Op<TruthReduce> = composite({
  name: 'any',
  inputs: { x: truth },
  options: { axis: option.axes(null), keepDims: option.flag(false) },
  body: ({ x }, options) => less(0, max(cast(x, 'int32'), options)),
  domain: { x: truths() },
  examples: [
    [
      [
        [
          [true, false],
          [false, false],
        ],
        { axis: -1 },
      ],
      [true, false],
    ],
    [[[false, false]], false],
  ],
});
