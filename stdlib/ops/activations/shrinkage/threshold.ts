/** x above a threshold */
import { float } from '../../../../compiler/op/accepts.ts';
import type { Op } from '../../../../compiler/op/card.ts';
import { composite } from '../../../../compiler/op/define/define-op.ts';
import { reals } from '../../../../compiler/op/domain.ts';
import * as option from '../../../../compiler/op/options.ts';
import type { ShapeOf } from '../../../../compiler/op/signatures.ts';
import type { Tensor, TensorLike } from '../../../../dsl/tensor.ts';
import { lessEqual } from '../../comparison/lessEqual.ts';
import { where } from '../../comparison/where.ts';

type Threshold = <X extends TensorLike>(
  x: X,
  options?: { readonly threshold?: number; readonly defaultValue?: number },
) => Tensor<ShapeOf<X>, 'float32'>;

/** x where it is above `threshold`, else `defaultValue`. */
export const threshold: Op<Threshold> = composite({
  name: 'threshold',
  family: 'activation',
  inputs: { x: float },
  options: { threshold: option.number(0), defaultValue: option.number(0) },
  body: ({ x }, { threshold, defaultValue }) => where(lessEqual(x, threshold), defaultValue, x),
  domain: { x: reals({ kinks: [0] }) },
  examples: [
    [
      [[-1, 2], { threshold: 0, defaultValue: 9 }],
      [9, 2],
    ],
  ],
});
