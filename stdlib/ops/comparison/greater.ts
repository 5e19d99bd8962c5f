/** a > b */
import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { integers } from '../../../compiler/op/domain.ts';
import type { Comparison } from '../../../compiler/op/signatures.ts';
import { less } from './less.ts';

/** Whether a > b, element by element; NaN compares with nothing. */
export const greater: Op<Comparison> = composite({
  name: 'greater',
  inputs: { a: numeric, b: numeric },
  body: ({ a, b }) => less(b, a),
  domain: { a: integers(), b: integers() },
  examples: [
    [
      [[1, 2, 3], 2],
      [false, false, true],
    ],
  ],
});
