/** The largest element. */

import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { folding } from '../../../compiler/op/folding.ts';
import * as option from '../../../compiler/op/options.ts';
import type { Reduce } from '../../../compiler/op/signatures.ts';
import { foldedAxes, reducing } from '../../../compiler/op/type-rules.ts';
import { evenShare } from '../../gradients/even-share.ts';

/** The largest element along `axis`, NaN if any is; of none, −∞. Elements that tie share the gradient evenly. */
export const max: Op<Reduce> = defineOp({
  name: 'max',
  kind: 'reduce',
  inputs: { x: numeric },
  options: { axis: option.axes(null), keepDims: option.flag(false) },
  type: reducing,
  evaluate: folding(Number.NEGATIVE_INFINITY, (total, x) => Math.max(total, x)),
  axes: foldedAxes,
  fold: 'max',
  gradient: (call) => ({ x: evenShare(call) }),
  lower: { tensorflow: 'Max' },
  domain: { x: reals() },
  examples: [
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      4,
    ],
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
        { axis: 0 },
      ],
      [3, 4],
    ],
  ],
});
