/** x held between −1 and 1 */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { idempotent, monotone, odd } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { clip } from '../arithmetic/clip.ts';

/** min(max(x, −1), 1) */
export const hardTanh: Op<Elementwise> = composite({
  name: 'hardTanh',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => clip(x, -1, 1),
  domain: { x: reals({ kinks: [-1, 1] }) },
  laws: [odd, monotone, idempotent],
  examples: [[[[-4, 0.5, 3]], [-1, 0.5, 1]]],
});
