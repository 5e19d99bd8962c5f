/** |x| */
import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { even, idempotent, positive } from '../../../compiler/op/law.ts';
import type { Preserving } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';
import { multiply } from './multiply.ts';
import { sign } from './sign.ts';

/** |x|; its gradient at 0 is 0. The smallest int32 has no opposite and stays as it is. */
export const abs: Op<Preserving> = defineOp({
  name: 'abs',
  kind: 'map',
  inputs: { x: numeric },
  type: preserving,
  scalar: ({ x }) => Math.abs(x),
  gradient: ({ inputs: { x }, dy }) => ({ x: multiply(dy, sign(x)) }),
  lower: { wasm: (s, { x }) => s.abs(x), tensorflow: 'Abs' },
  idempotent: true,
  domain: { x: reals({ kinks: [0] }) },
  laws: [even, positive, idempotent],
  examples: [[[[-2, 0, 3]], [2, 0, 3]]],
});
