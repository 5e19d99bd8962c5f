/** a or b */

import { truth } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { none } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { truths } from '../../../compiler/op/domain.ts';
import type { Comparison } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';

/** Whether one of them holds, or both, element by element. */
export const logicalOr: Op<Comparison> = defineOp({
  name: 'logicalOr',
  kind: 'zip',
  inputs: { a: truth, b: truth },
  type: preserving,
  scalar: ({ a, b }) => Number(a === 1 || b === 1),
  gradient: none('a truth does not change smoothly'),
  lower: { wasm: (s, { a, b }) => s.or(a, b), tensorflow: (tf, { a, b }) => tf.logic('LogicalOr', a, b) },
  commutative: true,
  identity: { value: 0, side: 'both' },
  domain: { a: truths(), b: truths() },
  examples: [
    [
      [
        [true, true, false],
        [true, false, false],
      ],
      [true, true, false],
    ],
  ],
});
