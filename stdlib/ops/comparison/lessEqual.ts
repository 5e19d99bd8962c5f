/** a ≤ b */

import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { none } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { integers } from '../../../compiler/op/domain.ts';
import type { Comparison } from '../../../compiler/op/signatures.ts';
import { comparing } from '../../../compiler/op/type-rules.ts';

/** Whether a ≤ b, element by element; NaN compares with nothing, which is why `less` alone cannot say it. */
export const lessEqual: Op<Comparison> = defineOp({
  name: 'lessEqual',
  kind: 'zip',
  inputs: { a: numeric, b: numeric },
  type: comparing,
  scalar: ({ a, b }) => Number(a <= b),
  gradient: none('a truth does not change smoothly'),
  lower: { wasm: (s, { a, b }) => s.le(a, b), tensorflow: 'LessEqual' },
  domain: { a: integers(), b: integers() },
  examples: [
    [
      [[1, 2, 3], 2],
      [true, true, false],
    ],
  ],
});
