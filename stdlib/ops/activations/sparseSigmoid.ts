/** a sigmoid that reaches 0 and 1 */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone, within } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { add } from '../arithmetic/add.ts';
import { clip } from '../arithmetic/clip.ts';
import { multiply } from '../arithmetic/multiply.ts';

/** 0 below −1, 1 above 1, (x + 1) / 2 between. */
export const sparseSigmoid: Op<Elementwise> = composite({
  name: 'sparseSigmoid',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => multiply(add(clip(x, -1, 1), 1), 0.5),
  domain: { x: reals({ kinks: [-1, 1] }) },
  laws: [monotone, within(0, 1)],
  examples: [[[[-2, 0, 3]], [0, 0.5, 1]]],
});
