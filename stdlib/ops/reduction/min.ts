/** The smallest element. */

import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { folding } from '../../../compiler/op/folding.ts';
import * as option from '../../../compiler/op/options.ts';
import type { Reduce } from '../../../compiler/op/signatures.ts';
import { foldedAxes, reducing } from '../../../compiler/op/type-rules.ts';
import { evenShare } from '../../gradients/even-share.ts';

/** The smallest element along `axis`, NaN if any is; of none, ∞. Elements that tie share the gradient evenly. */
export const min: Op<Reduce> = defineOp({
  name: 'min',
  kind: 'reduce',
  inputs: { x: numeric },
  options: { axis: option.axes(null), keepDims: option.flag(false) },
  type: reducing,
  evaluate: folding(Number.POSITIVE_INFINITY, (total, x) => Math.min(total, x)),
  axes: foldedAxes,
  fold: 'min',
  gradient: (call) => ({ x: evenShare(call) }),
  lower: { tensorflow: 'Min' },
  domain: { x: reals() },
  examples: [
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      1,
    ],
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
        { axis: -1 },
      ],
      [1, 3],
    ],
  ],
});
