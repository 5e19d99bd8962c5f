/** x to the nearest whole number. */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { idempotent, monotone, odd } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';

function toEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (Number.isNaN(rest)) return x;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  const whole = up ? below + 1 : below;
  return whole === 0 && (x < 0 || Object.is(x, -0)) ? -0 : whole;
}

/** x to the nearest whole number, halves to the even one. Its gradient is 0. */
export const round: Op<Elementwise> = defineOp({
  name: 'round',
  kind: 'map',
  inputs: { x: float },
  type: preserving,
  scalar: ({ x }) => toEven(x),
  gradient: () => ({ x: undefined }),
  lower: { wasm: (s, { x }) => s.nearest(x), tensorflow: 'Rint' },
  idempotent: true,
  domain: { x: reals({ kinks: [-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5] }) },
  laws: [odd, monotone, idempotent],
  examples: [[[[0.5, 1.5, 2.4, -2.6]], [0, 2, 2, -3]]],
});
