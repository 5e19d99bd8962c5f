/** silu of straight lines */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { hardSigmoid } from './hardSigmoid.ts';

/** x · hardSigmoid(x), also called hard swish (Howard et al. 2019). */
export const hardSilu: Op<Elementwise> = composite({
  name: 'hardSilu',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => multiply(x, hardSigmoid(x)),
  domain: { x: reals({ kinks: [-3, 3] }) },
  examples: [[[[-4, 0, 3]], [0, 0, 3]]],
});
