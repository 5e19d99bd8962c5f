/** 2/√π ∫₀ˣ e^(−t²) dt */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone, odd, within } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';
import { erfOf } from '../../approximations/erf.ts';
import { exactErf } from '../../approximations/exact-erf.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { neg } from '../arithmetic/neg.ts';
import { exp } from '../exponential/exp.ts';

/** The error function, 2/√π ∫₀ˣ e^(−t²) dt. */
export const erf: Op<Elementwise> = defineOp({
  name: 'erf',
  kind: 'map',
  inputs: { x: float },
  type: preserving,
  scalar: ({ x }) => exactErf(x),
  gradient: ({ inputs: { x }, dy }) => ({
    x: multiply(dy, multiply(exp(neg(multiply(x, x))), 2 / Math.sqrt(Math.PI))),
  }),
  lower: { wasm: (s, { x }) => erfOf(s, x), tensorflow: 'Erf' },
  domain: { x: reals() },
  laws: [odd, monotone, within(-1, 1)],
  cost: 45,
  examples: [[[[0, 1]], [0, 0.8427007929497149]]],
});
