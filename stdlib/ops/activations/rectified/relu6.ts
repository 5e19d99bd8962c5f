/** min(max(x, 0), 6) */
import { float } from '../../../../compiler/op/accepts.ts';
import type { Op } from '../../../../compiler/op/card.ts';
import { composite } from '../../../../compiler/op/define/define-op.ts';
import { reals } from '../../../../compiler/op/domain.ts';
import { idempotent, monotone, within } from '../../../../compiler/op/law.ts';
import type { Elementwise } from '../../../../compiler/op/signatures.ts';
import { lessEqual } from '../../comparison/lessEqual.ts';
import { where } from '../../comparison/where.ts';

/** The rectified linear unit cut off at 6: min(max(x, 0), 6). Its gradient at 0 and at 6 is 0. */
export const relu6: Op<Elementwise> = composite({
  name: 'relu6',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => where(lessEqual(x, 0), 0, where(lessEqual(6, x), 6, x)),
  domain: { x: reals({ min: -2, max: 8, kinks: [0, 6] }) },
  laws: [monotone, within(0, 6), idempotent],
  examples: [[[[-2, 3, 8]], [0, 3, 6]]],
});
