/** ln(1 + eˣ) */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone, positive } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { add } from '../arithmetic/add.ts';
import { neg } from '../arithmetic/neg.ts';
import { less } from '../comparison/less.ts';
import { where } from '../comparison/where.ts';
import { exp } from '../exponential/exp.ts';
import { log1p } from '../exponential/log1p.ts';

/** ln(1 + eˣ), without overflow. */
export const softplus: Op<Elementwise> = composite({
  name: 'softplus',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => {
    // e^(−|x|) never overflows; written as a choice, its slope at 0 is one-sided, and the sum's comes out as ½.
    const negative = less(x, 0);
    const power = exp(where(negative, x, neg(x)));
    return add(where(negative, 0, x), log1p(power));
  },
  domain: { x: reals() },
  laws: [monotone, positive],
  examples: [[[[0, 100]], [Math.LN2, 100]]],
});
