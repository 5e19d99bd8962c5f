/** not x */

import { truth } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { none } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { truths } from '../../../compiler/op/domain.ts';
import type { Predicate } from '../../../compiler/op/signatures.ts';
import { preserving } from '../../../compiler/op/type-rules.ts';

/** Whether x does not hold, element by element. */
export const logicalNot: Op<Predicate> = defineOp({
  name: 'logicalNot',
  kind: 'map',
  inputs: { x: truth },
  type: preserving,
  scalar: ({ x }) => 1 - x,
  gradient: none('a truth does not change smoothly'),
  lower: { wasm: (s, { x }) => s.not(x), tensorflow: (tf, { x }) => tf.logic('LogicalNot', x) },
  involution: true,
  domain: { x: truths() },
  examples: [[[[true, false]], [false, true]]],
});
