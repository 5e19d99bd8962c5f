/** √x */

import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone, positive } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';
import { divide } from '../arithmetic/divide.ts';
import { multiply } from '../arithmetic/multiply.ts';

/** The square root of x; NaN below 0. */
export const sqrt: Op<Elementwise> = defineOp({
  name: 'sqrt',
  kind: 'map',
  inputs: { x: float },
  type: preserving,
  scalar: ({ x }) => Math.sqrt(x),
  gradient: ({ dy, y }) => ({ x: divide(multiply(dy, 0.5), y) }),
  lower: { wasm: (s, { x }) => s.sqrt(x), tensorflow: 'Sqrt' },
  domain: { x: reals({ min: 0.1, max: 8 }) },
  laws: [monotone, positive],
  cost: 6,
  examples: [[[[4, 9]], [2, 3]]],
});
