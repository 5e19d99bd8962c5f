/** a · b */

import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import type { Binary } from '../../../compiler/op/signatures.ts';
import { matching } from '../../../compiler/op/type-rules.ts';

/** a · b, element by element; int32 wraps at 32 bits. */
export const multiply: Op<Binary> = defineOp({
  name: 'multiply',
  kind: 'zip',
  inputs: { a: numeric, b: numeric },
  type: matching,
  // A product of two int32 can exceed what float64 holds exactly, so it wraps here and not afterwards.
  scalar: ({ a, b }, _, dtype) => (dtype === 'int32' ? Math.imul(a, b) : a * b),
  gradient: ({ inputs: { a, b }, dy }) => ({ a: multiply(dy, b), b: multiply(dy, a) }),
  lower: { wasm: (s, { a, b }) => s.mul(a, b), tensorflow: 'Mul' },
  commutative: true,
  identity: { value: 1, side: 'both' },
  domain: { a: reals(), b: reals() },
  examples: [
    [
      [
        [2, 3],
        [10, 100],
      ],
      [20, 300],
    ],
    [
      [[2, 3], 0.5],
      [1, 1.5],
    ],
  ],
});
