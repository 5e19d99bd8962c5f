/** (x + √(x² + b)) / 2 */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { monotone, positive } from '../../../compiler/op/law.ts';
import * as option from '../../../compiler/op/options.ts';
import type { ShapeOf } from '../../../compiler/op/signatures.ts';
import type { Tensor, TensorLike } from '../../../dsl/tensor.ts';
import { add } from '../arithmetic/add.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { square } from '../arithmetic/square.ts';
import { sqrt } from '../exponential/sqrt.ts';

type Squareplus = <X extends TensorLike>(
  x: X,
  options?: { readonly b?: number },
) => Tensor<ShapeOf<X>, 'float32'>;

/** (x + √(x² + b)) / 2 (Barron 2021). */
export const squareplus: Op<Squareplus> = composite({
  name: 'squareplus',
  family: 'activation',
  inputs: { x: float },
  options: { b: option.number(4) },
  body: ({ x }, { b }) => multiply(add(x, sqrt(add(square(x), b))), 0.5),
  domain: { x: reals() },
  laws: [monotone, positive],
  examples: [[[[0, 1]], [1, 1.618033988749895]]],
});
