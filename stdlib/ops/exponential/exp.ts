/** eˣ */

import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone, positive } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';
import { expOf } from '../../approximations/exp.ts';
import { multiply } from '../arithmetic/multiply.ts';

/** eˣ */
export const exp: Op<Elementwise> = defineOp({
  name: 'exp',
  kind: 'map',
  inputs: { x: float },
  type: preserving,
  scalar: ({ x }) => Math.exp(x),
  gradient: ({ dy, y }) => ({ x: multiply(dy, y) }),
  lower: { wasm: (s, { x }) => expOf(s, x), tensorflow: 'Exp' },
  domain: { x: reals() },
  laws: [monotone, positive],
  cost: 20,
  examples: [[[[0, 1]], [1, Math.E]]],
});
