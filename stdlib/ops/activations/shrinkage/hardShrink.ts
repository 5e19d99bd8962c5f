/** x, but 0 near 0 */
import { float } from '../../../../compiler/op/accepts.ts';
import type { Op } from '../../../../compiler/op/card.ts';
import { composite } from '../../../../compiler/op/define/define-op.ts';
import { reals } from '../../../../compiler/op/domain.ts';
import { idempotent, monotone, odd } from '../../../../compiler/op/law.ts';
import * as option from '../../../../compiler/op/options.ts';
import type { ShapeOf } from '../../../../compiler/op/signatures.ts';
import type { Tensor, TensorLike } from '../../../../dsl/tensor.ts';
import { abs } from '../../arithmetic/abs.ts';
import { lessEqual } from '../../comparison/lessEqual.ts';
import { where } from '../../comparison/where.ts';

type HardShrink = <X extends TensorLike>(
  x: X,
  options?: { readonly threshold?: number },
) => Tensor<ShapeOf<X>, 'float32'>;

/** x where |x| > threshold, else 0. */
export const hardShrink: Op<HardShrink> = composite({
  name: 'hardShrink',
  family: 'activation',
  inputs: { x: float },
  options: { threshold: option.number(0.5) },
  body: ({ x }, { threshold }) => where(lessEqual(abs(x), threshold), 0, x),
  domain: { x: reals({ kinks: [-0.5, 0, 0.5] }) },
  laws: [odd, monotone, idempotent],
  examples: [[[[-1, 0.3, 2]], [-1, 0, 2]]],
});
