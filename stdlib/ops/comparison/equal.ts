/** a = b */

import { any } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { none } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { integers } from '../../../compiler/op/domain.ts';
import type { Comparison } from '../../../compiler/op/signatures.ts';
import { comparing } from '../../../compiler/op/type-rules.ts';

/** Whether a = b, element by element; NaN equals nothing. */
export const equal: Op<Comparison> = defineOp({
  name: 'equal',
  kind: 'zip',
  inputs: { a: any, b: any },
  type: comparing,
  scalar: ({ a, b }) => Number(a === b),
  gradient: none('a truth does not change smoothly'),
  lower: {
    wasm: (s, { a, b }) => (a.type === 'mask' ? s.not(s.xor(a, b)) : s.eq(a, b)),
    tensorflow: 'Equal',
  },
  commutative: true,
  domain: { a: integers(), b: integers() },
  examples: [
    [
      [
        [1, 2],
        [1, 3],
      ],
      [true, false],
    ],
  ],
});
