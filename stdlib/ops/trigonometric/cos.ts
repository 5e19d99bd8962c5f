/** cos x */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { even, within } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';
import { cosineOf } from '../../approximations/sine.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { neg } from '../arithmetic/neg.ts';
import { sin } from './sin.ts';

/** cos x, of radians. In float32 it is good for |x| up to about 10⁵. */
export const cos: Op<Elementwise> = defineOp({
  name: 'cos',
  kind: 'map',
  inputs: { x: float },
  type: preserving,
  scalar: ({ x }) => Math.cos(x),
  gradient: ({ inputs: { x }, dy }) => ({ x: neg(multiply(dy, sin(x))) }),
  lower: { wasm: (s, { x }) => cosineOf(s, x), tensorflow: 'Cos' },
  domain: { x: reals({ min: -20, max: 20 }) },
  laws: [even, within(-1, 1)],
  cost: 30,
  examples: [[[[0, Math.PI]], [1, -1]]],
});
