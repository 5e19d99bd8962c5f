/** 1 / (1 + e⁻ˣ) */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone, within } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { add } from '../arithmetic/add.ts';
import { divide } from '../arithmetic/divide.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { neg } from '../arithmetic/neg.ts';
import { subtract } from '../arithmetic/subtract.ts';
import { less } from '../comparison/less.ts';
import { where } from '../comparison/where.ts';
import { exp } from '../exponential/exp.ts';

/** The logistic function, 1 / (1 + e⁻ˣ); near 0 far below 0 and never beyond 1. */
export const sigmoid: Op<Elementwise> = composite({
  name: 'sigmoid',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => {
    // e^(−|x|) never overflows; written as a choice, its slope at 0 is one-sided, as the quotient needs, not 0 as |x|'s.
    const negative = less(x, 0);
    const power = exp(where(negative, x, neg(x)));
    return divide(where(negative, power, 1), add(power, 1));
  },
  gradient: ({ dy, y }) => ({ x: multiply(dy, multiply(y, subtract(1, y))) }),
  domain: { x: reals() },
  laws: [monotone, within(0, 1)],
  examples: [[[[0, 2]], [0.5, 0.8807970779778823]]],
});
