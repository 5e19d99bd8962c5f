/** sinh x */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone, odd } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { neg } from '../arithmetic/neg.ts';
import { subtract } from '../arithmetic/subtract.ts';
import { expm1 } from '../exponential/expm1.ts';

/** (eˣ − e⁻ˣ) / 2, exact near 0 too. */
export const sinh: Op<Elementwise> = composite({
  name: 'sinh',
  inputs: { x: float },
  body: ({ x }) => multiply(subtract(expm1(x), expm1(neg(x))), 0.5),
  domain: { x: reals() },
  laws: [odd, monotone],
  examples: [[[[0, 1]], [0, 1.1752011936438014]]],
});
