/** x, as an activation */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { idempotent, monotone, odd } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';

/** x itself: no activation. */
export const linear: Op<Elementwise> = composite({
  name: 'linear',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => x,
  domain: { x: reals() },
  laws: [odd, monotone, idempotent],
  examples: [[[[-1, 2]], [-1, 2]]],
});
