/** eˣ, as an activation */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone, positive } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { exp } from '../exponential/exp.ts';

/** eˣ: `exp` under the name that Keras gives it among activations. */
export const exponential: Op<Elementwise> = composite({
  name: 'exponential',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => exp(x),
  domain: { x: reals() },
  laws: [monotone, positive],
  examples: [[[[0, 1]], [1, Math.E]]],
});
