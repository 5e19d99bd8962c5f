/** Whether x is a finite number. */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import type { Predicate } from '../../../compiler/op/signatures.ts';
import { abs } from '../arithmetic/abs.ts';
import { less } from './less.ts';

/** Whether x is neither infinite nor NaN, element by element. */
export const isfinite: Op<Predicate> = composite({
  name: 'isfinite',
  inputs: { x: float },
  body: ({ x }) => less(abs(x), Number.POSITIVE_INFINITY),
  domain: { x: reals() },
  examples: [[[[1, Number.NaN, Number.NEGATIVE_INFINITY]], [true, false, false]]],
});
