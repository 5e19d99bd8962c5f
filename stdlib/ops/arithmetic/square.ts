/** x² */
import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { even, positive } from '../../../compiler/op/law.ts';
import type { Preserving } from '../../../compiler/op/signatures.ts';
import { multiply } from './multiply.ts';

/** x · x */
export const square: Op<Preserving> = composite({
  name: 'square',
  inputs: { x: numeric },
  body: ({ x }) => multiply(x, x),
  domain: { x: reals() },
  laws: [even, positive],
  examples: [[[[-2, 3]], [4, 9]]],
});
