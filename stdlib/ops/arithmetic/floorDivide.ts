/** ⌊a / b⌋ */
import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { none } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { integers } from '../../../compiler/op/domain.ts';
import type { Binary } from '../../../compiler/op/signatures.ts';
import { matching } from '../../../compiler/op/type-rules.ts';
import { floorDivideIn } from '../../tensorflow/floorDivide.ts';

/**
 * ⌊a / b⌋, element by element. Of real numbers, the quotient is rounded to float32 first; of whole numbers by 0 it is 0,
 * and the smallest by −1 wraps.
 */
export const floorDivide: Op<Binary> = defineOp({
  name: 'floorDivide',
  kind: 'zip',
  inputs: { a: numeric, b: numeric },
  type: matching,
  scalar: ({ a, b }, _, dtype) => {
    if (dtype === 'int32') return b === 0 ? 0 : Math.floor(a / b);
    return Math.floor(Math.fround(a / b));
  },
  gradient: none('its value moves in steps'),
  lower: {
    wasm: (s, { a, b }) => {
      if (a.type === 'f32') return s.floor(s.div(a, b));
      // The machine's division traps on /0 and on the smallest number by −1; both are taken apart before.
      const opposite = s.eq(b, s.i32(-1));
      const divisor = s.select(s.or(s.eq(b, 0), opposite), s.i32(1), b);
      const quotient = s.divS(a, divisor);
      const rest = s.sub(a, s.mul(quotient, divisor));
      const below = s.and(s.not(s.eq(rest, 0)), s.lt(s.xor(rest, divisor), 0));
      const floored = s.select(below, s.sub(quotient, 1), quotient);
      const whole = s.select(opposite, s.sub(s.i32(0), a), floored);
      return s.select(s.eq(b, 0), s.i32(0), whole);
    },
    tensorflow: (tf, { a, b }) => floorDivideIn(tf, a, b),
  },
  domain: { a: integers(), b: integers({ min: 1, max: 5 }) },
  cost: 8,
  examples: [
    [
      [
        [7, -7],
        [2, 2],
      ],
      [3, -4],
    ],
  ],
});
