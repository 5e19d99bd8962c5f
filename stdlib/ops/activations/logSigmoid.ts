/** ln(1 / (1 + e⁻ˣ)) */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone, within } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { neg } from '../arithmetic/neg.ts';
import { softplus } from './softplus.ts';

/** The logarithm of `sigmoid`, without overflow: −softplus(−x). */
export const logSigmoid: Op<Elementwise> = composite({
  name: 'logSigmoid',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => neg(softplus(neg(x))),
  domain: { x: reals() },
  laws: [monotone, within(-100, 0)],
  examples: [[[[0]], [-Math.LN2]]],
});
