/** max(x, 0) */

import { float } from '../../../../compiler/op/accepts.ts';
import type { Op } from '../../../../compiler/op/card.ts';
import { composite } from '../../../../compiler/op/define/define-op.ts';
import { reals } from '../../../../compiler/op/domain.ts';
import { idempotent, monotone, positive } from '../../../../compiler/op/law.ts';
import type { Elementwise } from '../../../../compiler/op/signatures.ts';
import { lessEqual } from '../../comparison/lessEqual.ts';
import { where } from '../../comparison/where.ts';

/** The rectified linear unit, max(x, 0); its gradient at 0 is 0. */
export const relu: Op<Elementwise> = composite({
  name: 'relu',
  family: 'activation',
  inputs: { x: float },
  // A choice rather than `maximum`, which would give half the gradient at 0; NaN is not ≤ 0 and passes through.
  body: ({ x }) => where(lessEqual(x, 0), 0, x),
  // y ≤ 0 just where x ≤ 0, so x need not be kept for the way back.
  gradient: ({ dy, y }) => ({ x: where(lessEqual(y, 0), 0, dy) }),
  domain: { x: reals({ kinks: [0] }) },
  laws: [monotone, positive, idempotent],
  examples: [[[[-2, 0, 3]], [0, 0, 3]]],
});
