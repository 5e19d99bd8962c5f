/** Σ x */

import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { folding } from '../../../compiler/op/folding.ts';
import * as option from '../../../compiler/op/options.ts';
import type { Reduce } from '../../../compiler/op/signatures.ts';
import { foldedAxes, reducing } from '../../../compiler/op/type-rules.ts';
import { spread } from '../../gradients/spread.ts';

/** The sum of the elements along `axis`; of none, 0. int32 wraps at 32 bits. */
export const sum: Op<Reduce> = defineOp({
  name: 'sum',
  kind: 'reduce',
  inputs: { x: numeric },
  options: { axis: option.axes(null), keepDims: option.flag(false) },
  type: reducing,
  evaluate: folding(0, (total, x) => total + x),
  axes: foldedAxes,
  fold: 'add',
  gradient: ({ inputs: { x }, options, dy }) => ({ x: spread(dy, x.shape, options.axis) }),
  lower: { tensorflow: 'Sum' },
  domain: { x: reals() },
  examples: [
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      10,
    ],
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
        { axis: -1 },
      ],
      [3, 7],
    ],
  ],
});
