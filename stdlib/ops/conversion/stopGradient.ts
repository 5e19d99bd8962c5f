/** x, which no gradient flows through. */

import { any } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { none } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import type { Preserving } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';

/** x itself; for gradients, a constant. */
export const stopGradient: Op<Preserving> = defineOp({
  name: 'stopGradient',
  kind: 'map',
  inputs: { x: any },
  type: preserving,
  scalar: ({ x }) => x,
  gradient: none('it is there to stop gradients'),
  lower: { wasm: (_, { x }) => x, tensorflow: 'StopGradient' },
  idempotent: true,
  domain: { x: reals() },
  cost: 0,
  examples: [[[[1, 2]], [1, 2]]],
});
