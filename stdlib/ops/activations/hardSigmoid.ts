/** a sigmoid of straight lines */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone, within } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { add } from '../arithmetic/add.ts';
import { divide } from '../arithmetic/divide.ts';
import { relu6 } from './rectified/relu6.ts';

/** min(max(x / 6 + ½, 0), 1) */
export const hardSigmoid: Op<Elementwise> = composite({
  name: 'hardSigmoid',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => divide(relu6(add(x, 3)), 6),
  domain: { x: reals({ kinks: [-3, 3] }) },
  laws: [monotone, within(0, 1)],
  examples: [[[[-4, 0, 3]], [0, 0.5, 1]]],
});
