/** The smaller of two numbers. */

import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { idempotent, monotone } from '../../../compiler/op/law.ts';
import type { Binary } from '../../../compiler/op/signatures.ts';
import { matching } from '../../../compiler/op/type-rules.ts';
import { winnersShare } from '../../gradients/winners-share.ts';

/** The smaller of a and b, element by element; NaN if either is. Where they tie, each gets half the gradient. */
export const minimum: Op<Binary> = defineOp({
  name: 'minimum',
  kind: 'zip',
  inputs: { a: numeric, b: numeric },
  type: matching,
  scalar: ({ a, b }) => Math.min(a, b),
  gradient: ({ inputs: { a, b }, dy }) => ({ a: winnersShare(dy, a, b), b: winnersShare(dy, b, a) }),
  lower: { wasm: (s, { a, b }) => s.min(a, b), tensorflow: 'Minimum' },
  commutative: true,
  identity: { value: Number.POSITIVE_INFINITY, side: 'both' },
  domain: { a: reals({ kinks: [0] }), b: reals({ kinks: [0] }) },
  laws: [idempotent, monotone],
  examples: [
    [
      [
        [1, 5],
        [3, 2],
      ],
      [1, 2],
    ],
  ],
});
