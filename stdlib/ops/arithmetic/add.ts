/** a + b */

import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import type { Binary } from '../../../compiler/op/signatures.ts';
import { matching } from '../../../compiler/op/type-rules.ts';

/** a + b, element by element; int32 wraps at 32 bits. */
export const add: Op<Binary> = defineOp({
  name: 'add',
  kind: 'zip',
  inputs: { a: numeric, b: numeric },
  type: matching,
  scalar: ({ a, b }) => a + b,
  gradient: ({ dy }) => ({ a: dy, b: dy }),
  lower: { wasm: (s, { a, b }) => s.add(a, b), tensorflow: 'AddV2' },
  commutative: true,
  identity: { value: -0, side: 'both' },
  domain: { a: reals(), b: reals() },
  examples: [
    [
      [
        [1, 2],
        [10, 20],
      ],
      [11, 22],
    ],
    [
      [[1, 2], 0.5],
      [1.5, 2.5],
    ],
  ],
});
