/** −1, 0 or 1 */
import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { idempotent, monotone, odd, within } from '../../../compiler/op/law.ts';
import type { Preserving } from '../../../compiler/op/signatures.ts';
import { less } from '../comparison/less.ts';
import { where } from '../comparison/where.ts';
import { stopGradient } from '../conversion/stopGradient.ts';

/** −1 below 0, 1 above it, else x itself: ±0 or NaN. Its gradient is 0. */
export const sign: Op<Preserving> = composite({
  name: 'sign',
  inputs: { x: numeric },
  body: ({ x }) => where(less(0, x), 1, where(less(x, 0), -1, stopGradient(x))),
  domain: { x: reals({ kinks: [0] }) },
  laws: [odd, monotone, idempotent, within(-1, 1)],
  examples: [[[[-2, 0, 3]], [-1, 0, 1]]],
});
