/** Whether x is not a number. */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import type { Predicate } from '../../../compiler/op/signatures.ts';
import { notEqual } from './notEqual.ts';

/** Whether x is NaN, element by element. */
export const isnan: Op<Predicate> = composite({
  name: 'isnan',
  inputs: { x: float },
  body: ({ x }) => notEqual(x, x),
  domain: { x: reals() },
  examples: [[[[1, Number.NaN]], [false, true]]],
});
