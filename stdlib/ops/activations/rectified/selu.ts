/** the scaled exponential linear unit */
import { float } from '../../../../compiler/op/accepts.ts';
import type { Op } from '../../../../compiler/op/card.ts';
import { composite } from '../../../../compiler/op/define/define-op.ts';
import { reals } from '../../../../compiler/op/domain.ts';
import { monotone } from '../../../../compiler/op/law.ts';
import type { Elementwise } from '../../../../compiler/op/signatures.ts';
import { multiply } from '../../arithmetic/multiply.ts';
import { elu } from './elu.ts';

const alpha = 1.6732632423543772;
const scale = 1.0507009873554805;

/** scale · elu(x) with the scale and α that keep mean 0 and variance 1 from layer to layer (Klambauer et al. 2017). */
export const selu: Op<Elementwise> = composite({
  name: 'selu',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => multiply(elu(x, { alpha }), scale),
  domain: { x: reals({ kinks: [0] }) },
  laws: [monotone],
  examples: [[[[-1, 2]], [-1.1113307378125625, 2.1014019746987205]]],
});
