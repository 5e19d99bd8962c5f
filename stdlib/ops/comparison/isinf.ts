/** Whether x is infinite. */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import type { Predicate } from '../../../compiler/op/signatures.ts';
import { abs } from '../arithmetic/abs.ts';
import { equal } from './equal.ts';

/** Whether x is ∞ or −∞, element by element. */
export const isinf: Op<Predicate> = composite({
  name: 'isinf',
  inputs: { x: float },
  body: ({ x }) => equal(abs(x), Number.POSITIVE_INFINITY),
  domain: { x: reals() },
  examples: [[[[1, Number.NaN, Number.NEGATIVE_INFINITY]], [false, false, true]]],
});
