/** 1 / √x */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { positive } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { divide } from '../arithmetic/divide.ts';
import { sqrt } from './sqrt.ts';

/** 1 / √x; ∞ at 0, NaN below. */
export const rsqrt: Op<Elementwise> = composite({
  name: 'rsqrt',
  inputs: { x: float },
  body: ({ x }) => divide(1, sqrt(x)),
  domain: { x: reals({ min: 0.1, max: 8 }) },
  laws: [positive],
  examples: [[[[4, 0.25]], [0.5, 2]]],
});
