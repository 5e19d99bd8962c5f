/** The logarithm to base 10. */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { log } from './log.ts';

/** ln x / ln 10 */
export const log10: Op<Elementwise> = composite({
  name: 'log10',
  inputs: { x: float },
  body: ({ x }) => multiply(log(x), Math.LOG10E),
  domain: { x: reals({ min: 0.1, max: 8 }) },
  laws: [monotone],
  examples: [[[[1, 100]], [0, 2]]],
});
