/** x · sigmoid(x) */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { sigmoid } from './sigmoid.ts';

/** The sigmoid linear unit, x · sigmoid(x), also called swish. */
export const silu: Op<Elementwise> = composite({
  name: 'silu',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => multiply(x, sigmoid(x)),
  domain: { x: reals() },
  examples: [[[[0, 2]], [0, 1.7615941559557646]]],
});
