/** a / b */

import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import type { RealBinary } from '../../../compiler/op/signatures.ts';
import { matching } from '../../../compiler/op/type-rules.ts';
import { multiply } from './multiply.ts';
import { neg } from './neg.ts';

/** a / b of real numbers, element by element; for whole numbers see `floorDivide`. */
export const divide: Op<RealBinary> = defineOp({
  name: 'divide',
  kind: 'zip',
  inputs: { a: float, b: float },
  type: matching,
  scalar: ({ a, b }) => a / b,
  gradient: ({ inputs: { b }, dy, y }) => {
    const da = divide(dy, b);
    return { a: da, b: neg(multiply(da, y)) };
  },
  lower: { wasm: (s, { a, b }) => s.div(a, b), tensorflow: 'RealDiv' },
  identity: { value: 1, side: 'right' },
  domain: { a: reals(), b: reals({ min: 0.25, max: 4 }) },
  cost: 4,
  examples: [
    [
      [
        [1, 9],
        [2, 3],
      ],
      [0.5, 3],
    ],
  ],
});
