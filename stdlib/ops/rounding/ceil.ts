/** ⌈x⌉ */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { idempotent, monotone } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { neg } from '../arithmetic/neg.ts';
import { floor } from './floor.ts';

/** The smallest whole number that is not below x. Its gradient is 0. */
export const ceil: Op<Elementwise> = composite({
  name: 'ceil',
  inputs: { x: float },
  body: ({ x }) => neg(floor(neg(x))),
  domain: { x: reals({ kinks: [-4, -3, -2, -1, 0, 1, 2, 3, 4] }) },
  laws: [monotone, idempotent],
  examples: [[[[1.5, -1.5, 2]], [2, -1, 2]]],
});
