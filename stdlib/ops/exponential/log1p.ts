/** ln(1 + x) */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';
import { log1pOf } from '../../approximations/log1p.ts';
import { add } from '../arithmetic/add.ts';
import { divide } from '../arithmetic/divide.ts';

/** ln(1 + x), exact near 0 too; −∞ at −1 and NaN below. */
export const log1p: Op<Elementwise> = defineOp({
  name: 'log1p',
  kind: 'map',
  inputs: { x: float },
  type: preserving,
  scalar: ({ x }) => Math.log1p(x),
  gradient: ({ inputs: { x }, dy }) => ({ x: divide(dy, add(x, 1)) }),
  lower: { wasm: (s, { x }) => log1pOf(s, x), tensorflow: 'Log1p' },
  domain: { x: reals({ min: -0.9, max: 8 }) },
  laws: [monotone],
  cost: 32,
  examples: [[[[0, 1e-5]], [0, 9.999950000333332e-6]]],
});
