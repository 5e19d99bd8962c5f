/** x · tanh(softplus(x)) */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { tanh } from '../hyperbolic/tanh.ts';
import { softplus } from './softplus.ts';

/** x · tanh(softplus(x)) (Misra 2020). */
export const mish: Op<Elementwise> = composite({
  name: 'mish',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => multiply(x, tanh(softplus(x))),
  domain: { x: reals() },
  examples: [[[[0, 1]], [0, 0.8650983882673103]]],
});
