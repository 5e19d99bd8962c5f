/** ⌊x⌋ */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { idempotent, monotone } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';

/** The largest whole number that is not above x. Its gradient is 0. */
export const floor: Op<Elementwise> = defineOp({
  name: 'floor',
  kind: 'map',
  inputs: { x: float },
  type: preserving,
  scalar: ({ x }) => Math.floor(x),
  gradient: () => ({ x: undefined }),
  lower: { wasm: (s, { x }) => s.floor(x), tensorflow: 'Floor' },
  idempotent: true,
  domain: { x: reals({ kinks: [-4, -3, -2, -1, 0, 1, 2, 3, 4] }) },
  laws: [monotone, idempotent],
  examples: [[[[1.5, -1.5, 2]], [1, -2, 2]]],
});
