/** tanh x */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone, odd, within } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';
import { tanhOf } from '../../approximations/tanh.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { subtract } from '../arithmetic/subtract.ts';

/** (e²ˣ − 1) / (e²ˣ + 1) */
export const tanh: Op<Elementwise> = defineOp({
  name: 'tanh',
  kind: 'map',
  inputs: { x: float },
  type: preserving,
  scalar: ({ x }) => Math.tanh(x),
  gradient: ({ dy, y }) => ({ x: multiply(dy, subtract(1, multiply(y, y))) }),
  lower: { wasm: (s, { x }) => tanhOf(s, x), tensorflow: 'Tanh' },
  domain: { x: reals() },
  laws: [odd, monotone, within(-1, 1)],
  cost: 34,
  examples: [[[[0, 1]], [0, 0.7615941559557649]]],
});
