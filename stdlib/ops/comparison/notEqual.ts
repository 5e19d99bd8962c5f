/** a ≠ b */
import { any } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { integers } from '../../../compiler/op/domain.ts';
import type { Comparison } from '../../../compiler/op/signatures.ts';
import { logicalNot } from '../logic/logicalNot.ts';
import { equal } from './equal.ts';

/** Whether a ≠ b, element by element; NaN differs from all, itself included. */
export const notEqual: Op<Comparison> = composite({
  name: 'notEqual',
  inputs: { a: any, b: any },
  body: ({ a, b }) => logicalNot(equal(a, b)),
  domain: { a: integers(), b: integers() },
  examples: [
    [
      [
        [1, 2],
        [1, 3],
      ],
      [false, true],
    ],
  ],
});
