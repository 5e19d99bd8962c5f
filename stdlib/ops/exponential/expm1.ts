/** eˣ − 1 */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';
import { expm1Of } from '../../approximations/expm1.ts';
import { add } from '../arithmetic/add.ts';
import { multiply } from '../arithmetic/multiply.ts';

/** eˣ − 1, exact near 0 too. */
export const expm1: Op<Elementwise> = defineOp({
  name: 'expm1',
  kind: 'map',
  inputs: { x: float },
  type: preserving,
  scalar: ({ x }) => Math.expm1(x),
  gradient: ({ dy, y }) => ({ x: multiply(dy, add(y, 1)) }),
  lower: { wasm: (s, { x }) => expm1Of(s, x), tensorflow: 'Expm1' },
  domain: { x: reals() },
  laws: [monotone],
  cost: 24,
  examples: [[[[0, 1e-5]], [0, 1.0000050000166668e-5]]],
});
