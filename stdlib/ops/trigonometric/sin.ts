/** sin x */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { odd, within } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';
import { sineOf } from '../../approximations/sine.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { cos } from './cos.ts';

/** sin x, of radians. In float32 it is good for |x| up to about 10⁵. */
export const sin: Op<Elementwise> = defineOp({
  name: 'sin',
  kind: 'map',
  inputs: { x: float },
  type: preserving,
  scalar: ({ x }) => Math.sin(x),
  gradient: ({ inputs: { x }, dy }) => ({ x: multiply(dy, cos(x)) }),
  lower: { wasm: (s, { x }) => sineOf(s, x), tensorflow: 'Sin' },
  domain: { x: reals({ min: -20, max: 20 }) },
  laws: [odd, within(-1, 1)],
  cost: 30,
  examples: [[[[0, Math.PI / 2]], [0, 1]]],
});
