/** x − tanh x */
import { float } from '../../../../compiler/op/accepts.ts';
import type { Op } from '../../../../compiler/op/card.ts';
import { composite } from '../../../../compiler/op/define/define-op.ts';
import { reals } from '../../../../compiler/op/domain.ts';
import { monotone, odd } from '../../../../compiler/op/law.ts';
import type { Elementwise } from '../../../../compiler/op/signatures.ts';
import { subtract } from '../../arithmetic/subtract.ts';
import { tanh } from '../../hyperbolic/tanh.ts';

/** x − tanh x */
export const tanhShrink: Op<Elementwise> = composite({
  name: 'tanhShrink',
  family: 'activation',
  inputs: { x: float },
  body: ({ x }) => subtract(x, tanh(x)),
  domain: { x: reals() },
  laws: [odd, monotone],
  examples: [[[[0, 1]], [0, 0.23840584404423515]]],
});
