/** The same elements in another shape. */

import { SHP204 } from '../../../compiler/diagnostics/shape.ts';
import { product, quotient, shapeText } from '../../../compiler/ir/dim.ts';
import { any } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import * as option from '../../../compiler/op/options.ts';
import type { DTypeOf } from '../../../compiler/op/signatures.ts';
import type { Shape, Tensor, TensorLike } from '../../../dsl/tensor.ts';

type Settled<S extends Shape> = number extends S['length']
  ? Shape
  : { readonly [K in keyof S]: S[K] extends -1 ? number | string : S[K] };
export type Reshape = <X extends TensorLike, const S extends Shape>(
  x: X,
  shape: S,
) => Tensor<Settled<S>, DTypeOf<X>>;

function settle(from: Shape, wanted: Shape): Shape | undefined {
  const rests = wanted.filter((size) => size === -1).length;
  if (rests === 0) return product(from) === product(wanted) ? wanted : undefined;
  const rest = quotient(product(from), product(wanted.filter((size) => size !== -1)));
  return rests === 1 && rest !== undefined ? wanted.map((size) => (size === -1 ? rest : size)) : undefined;
}

/** The elements of x in row-major order, in another shape; one size may be −1, which is whatever is left. */
export const reshape: Op<Reshape> = defineOp({
  name: 'reshape',
  kind: 'move',
  inputs: { x: any },
  options: { shape: option.dimsOrRest() },
  positional: ['shape'],
  type: ({ x }, options, op) => {
    const wanted = options.shape;
    const shape = settle(x.shape, wanted);
    if (shape) return { dtype: x.dtype, shape };
    throw new TypeMismatch({
      code: SHP204,
      message: `${op} cannot put ${product(x.shape)} elements into ${shapeText(wanted)}`,
      blame: 0,
      label: `${shapeText(x.shape)} does not fit ${shapeText(wanted)}`,
      expected: `a shape of ${product(x.shape)} elements`,
      received: shapeText(wanted),
      hint: 'one size may be −1; the batch axis is written x.shape[0]',
    });
  },
  evaluate: ({ x }, _, { dtype, shape }) => ({ dtype, shape: shape as number[], data: x.data.slice() }),
  movement: () => ({ as: 'reshape' }),
  gradient: ({ inputs: { x }, dy }) => ({ x: reshape(dy, x.shape) }),
  lower: {},
  domain: { x: reals() },
  cost: 0,
  examples: [
    [
      [
        [1, 2, 3, 4],
        [2, 2],
      ],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
        [-1],
      ],
      [1, 2, 3, 4],
    ],
  ],
});
