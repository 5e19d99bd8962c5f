/** a − b·⌊a / b⌋ */
import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import type { Binary } from '../../../compiler/op/signatures.ts';
import { floorDivide } from './floorDivide.ts';
import { multiply } from './multiply.ts';
import { subtract } from './subtract.ts';

/** What is left of a after dividing by b, with the sign of b, as in Python; of whole numbers by 0 it is a. */
export const mod: Op<Binary> = composite({
  name: 'mod',
  inputs: { a: numeric, b: numeric },
  body: ({ a, b }) => subtract(a, multiply(b, floorDivide(a, b))),
  domain: { a: reals({ kinks: [-4, -3, -2, -1, 0, 1, 2, 3, 4] }), b: reals({ min: 5, max: 6 }) },
  examples: [
    [
      [
        [7, -7],
        [3, 3],
      ],
      [1, 2],
    ],
  ],
});
