/** aᵇ */

import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import type { RealBinary } from '../../../compiler/op/signatures.ts';
import { matching } from '../../../compiler/op/type-rules.ts';
import { powerOf } from '../../approximations/power.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { subtract } from '../arithmetic/subtract.ts';
import { equal } from '../comparison/equal.ts';
import { where } from '../comparison/where.ts';
import { log } from './log.ts';

/** IEEE 754's pow, which unlike JavaScript's takes 1 to any power, and −1 to ±∞, as 1. */
function pow(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY) ? 1 : a ** b;
}

/**
 * aᵇ, element by element; NaN for a below 0 unless b is whole. The gradient by a is 0 where b is 0; by b it is 0 where
 * a is 0, where aᵇ does not change with b.
 */
export const power: Op<RealBinary> = defineOp({
  name: 'power',
  kind: 'zip',
  inputs: { a: float, b: float },
  type: matching,
  scalar: ({ a, b }) => pow(a, b),
  gradient: ({ inputs: { a, b }, dy, y }) => ({
    a: where(equal(b, 0), 0, multiply(dy, multiply(b, power(a, subtract(b, 1))))),
    b: where(equal(a, 0), 0, multiply(dy, multiply(y, log(a)))),
  }),
  lower: { wasm: (s, { a, b }) => powerOf(s, a, b), tensorflow: 'Pow' },
  identity: { value: 1, side: 'right' },
  domain: { a: reals({ min: 0.25, max: 4 }), b: reals({ min: -3, max: 3 }) },
  cost: 60,
  examples: [
    [
      [
        [2, 3],
        [10, 2],
      ],
      [1024, 9],
    ],
    [
      [[4, 9], 0.5],
      [2, 3],
    ],
  ],
});
