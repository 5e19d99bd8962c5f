/** a − b */

import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import type { Binary } from '../../../compiler/op/signatures.ts';
import { matching } from '../../../compiler/op/type-rules.ts';
import { neg } from './neg.ts';

/** a − b, element by element; int32 wraps at 32 bits. */
export const subtract: Op<Binary> = defineOp({
  name: 'subtract',
  kind: 'zip',
  inputs: { a: numeric, b: numeric },
  type: matching,
  scalar: ({ a, b }) => a - b,
  gradient: ({ dy }) => ({ a: dy, b: neg(dy) }),
  lower: { wasm: (s, { a, b }) => s.sub(a, b), tensorflow: 'Sub' },
  identity: { value: 0, side: 'right' },
  domain: { a: reals(), b: reals() },
  examples: [
    [
      [
        [5, 7],
        [1, 2],
      ],
      [4, 5],
    ],
  ],
});
