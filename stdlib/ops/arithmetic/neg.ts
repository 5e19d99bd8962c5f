/** −x */

import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { involution, odd } from '../../../compiler/op/law.ts';
import type { Preserving } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';

/** −x */
export const neg: Op<Preserving> = defineOp({
  name: 'neg',
  kind: 'map',
  inputs: { x: numeric },
  type: preserving,
  scalar: ({ x }) => -x,
  gradient: ({ dy }) => ({ x: neg(dy) }),
  lower: { wasm: (s, { x }) => s.neg(x), tensorflow: 'Neg' },
  involution: true,
  domain: { x: reals() },
  laws: [odd, involution],
  examples: [[[[1, -2, 0.5]], [-1, 2, -0.5]]],
});
