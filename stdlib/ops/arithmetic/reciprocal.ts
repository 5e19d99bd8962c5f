/** 1 / x */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { involution } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { divide } from './divide.ts';

/** 1 / x; ±∞ at ±0. */
export const reciprocal: Op<Elementwise> = composite({
  name: 'reciprocal',
  inputs: { x: float },
  body: ({ x }) => divide(1, x),
  domain: { x: reals({ min: 0.25, max: 4 }) },
  laws: [involution],
  examples: [[[[2, -4]], [0.5, -0.25]]],
});
