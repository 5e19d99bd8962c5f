/** cosh x */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { even } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { add } from '../arithmetic/add.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { neg } from '../arithmetic/neg.ts';
import { exp } from '../exponential/exp.ts';

/** (eˣ + e⁻ˣ) / 2 */
export const cosh: Op<Elementwise> = composite({
  name: 'cosh',
  inputs: { x: float },
  body: ({ x }) => multiply(add(exp(x), exp(neg(x))), 0.5),
  domain: { x: reals() },
  laws: [even],
  examples: [[[[0, 1]], [1, 1.5430806348152437]]],
});
