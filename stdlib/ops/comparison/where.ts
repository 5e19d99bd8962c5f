/** A choice between two tensors, element by element. */

import { any, truth } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals, truths } from '../../../compiler/op/domain.ts';
import type { Choice } from '../../../compiler/op/signatures.ts';
import { sameDType } from '../../../compiler/op/type-rules.ts';

/** a where the condition holds, else b; what is not chosen has no part in the value or the gradient, NaN included. */
export const where: Op<Choice> = defineOp({
  name: 'where',
  kind: 'zip',
  inputs: { condition: truth, a: any, b: any },
  type: ({ condition, a, b }, _, op) => {
    sameDType([condition, a, b], op, 1);
    return a;
  },
  scalar: ({ condition, a, b }) => (condition ? a : b),
  gradient: ({ inputs: { condition }, dy }) => ({
    condition: undefined,
    a: where(condition, dy, 0),
    b: where(condition, 0, dy),
  }),
  lower: {
    wasm: (s, { condition, a, b }) =>
      a.type === 'mask' ? s.or(s.and(condition, a), s.and(s.not(condition), b)) : s.select(condition, a, b),
    tensorflow: 'SelectV2',
  },
  domain: { condition: truths(), a: reals(), b: reals() },
  examples: [
    [
      [
        [true, false],
        [1, 2],
        [10, 20],
      ],
      [1, 20],
    ],
    [
      [[true, false], [1, 2], 0],
      [1, 0],
    ],
  ],
});
