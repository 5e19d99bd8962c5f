/** either a or b */
import { truth } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { truths } from '../../../compiler/op/domain.ts';
import type { Comparison } from '../../../compiler/op/signatures.ts';
import { notEqual } from '../comparison/notEqual.ts';

/** Whether just one of them holds, element by element. */
export const logicalXor: Op<Comparison> = composite({
  name: 'logicalXor',
  inputs: { a: truth, b: truth },
  body: ({ a, b }) => notEqual(a, b),
  domain: { a: truths(), b: truths() },
  examples: [
    [
      [
        [true, true, false],
        [true, false, false],
      ],
      [false, true, false],
    ],
  ],
});
