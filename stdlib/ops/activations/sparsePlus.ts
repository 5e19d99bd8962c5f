/** softplus that reaches 0 */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone, positive } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { add } from '../arithmetic/add.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { square } from '../arithmetic/square.ts';
import { less } from '../comparison/less.ts';
import { lessEqual } from '../comparison/lessEqual.ts';
import { where } from '../comparison/where.ts';

/** 0 below −1, x above 1, (x + 1)² / 4 between. */
export const sparsePlus: Op<Elementwise> = composite({
  name: 'sparsePlus',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => {
    const between = multiply(square(add(x, 1)), 0.25);
    return where(lessEqual(x, -1), 0, where(less(x, 1), between, x));
  },
  domain: { x: reals({ kinks: [-1, 1] }) },
  laws: [monotone, positive],
  examples: [[[[-2, 0, 3]], [0, 0.25, 3]]],
});
