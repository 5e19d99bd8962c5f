/** The logarithm to base 2. */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { log } from './log.ts';

/** ln x / ln 2 */
export const log2: Op<Elementwise> = composite({
  name: 'log2',
  inputs: { x: float },
  body: ({ x }) => multiply(log(x), Math.LOG2E),
  domain: { x: reals({ min: 0.1, max: 8 }) },
  laws: [monotone],
  examples: [[[[1, 8]], [0, 3]]],
});
