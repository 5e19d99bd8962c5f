/** x / (1 + |x|) */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone, odd, within } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { abs } from '../arithmetic/abs.ts';
import { add } from '../arithmetic/add.ts';
import { divide } from '../arithmetic/divide.ts';

/** x / (1 + |x|) */
export const softsign: Op<Elementwise> = composite({
  name: 'softsign',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => divide(x, add(abs(x), 1)),
  domain: { x: reals({ kinks: [0] }) },
  laws: [odd, monotone, within(-1, 1)],
  examples: [[[[-1, 3]], [-0.5, 0.75]]],
});
