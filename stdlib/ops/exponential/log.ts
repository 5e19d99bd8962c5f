/** ln x */

import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';
import { logOf } from '../../approximations/log.ts';
import { divide } from '../arithmetic/divide.ts';

/** The natural logarithm of x; −∞ at 0 and NaN below it. */
export const log: Op<Elementwise> = defineOp({
  name: 'log',
  kind: 'map',
  inputs: { x: float },
  type: preserving,
  scalar: ({ x }) => Math.log(x),
  gradient: ({ inputs: { x }, dy }) => ({ x: divide(dy, x) }),
  lower: { wasm: (s, { x }) => logOf(s, x), tensorflow: 'Log' },
  domain: { x: reals({ min: 0.1, max: 8 }) },
  laws: [monotone],
  cost: 25,
  examples: [[[[1, Math.E]], [0, 1]]],
});
