/** A tensor without axes of size 1. */

import { SHP203 } from '../../../compiler/diagnostics/shape.ts';
import { any } from '../../../compiler/op/accepts.ts';
import { axesOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import * as option from '../../../compiler/op/options.ts';
import type { DTypeOf } from '../../../compiler/op/signatures.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { reshape } from './reshape.ts';

type Squeeze = <X extends Tensor>(
  x: X,
  options?: { readonly axis?: number | readonly number[] | null },
) => Tensor<Shape, DTypeOf<X>>;

/** x without the axes named, each of size 1; by default without any axis of size 1. */
export const squeeze: Op<Squeeze> = composite({
  name: 'squeeze',
  inputs: { x: any },
  options: { axis: option.axes(null) },
  body: ({ x }, { axis }) => {
    const named = axis === null ? undefined : axesOf(axis, x.shape.length, 'squeeze');
    const wrong = named?.find((at) => x.shape[at] !== 1);
    if (wrong !== undefined) {
      throw new TypeMismatch({
        code: SHP203,
        message: `squeeze cannot drop axis ${wrong}, whose size is ${x.shape[wrong]}`,
        blame: 0,
        expected: 'an axis of size 1',
        received: typeText(x),
      });
    }
    return reshape(
      x,
      x.shape.filter((size, at) => (named ? !named.includes(at) : size !== 1)),
    );
  },
  domain: { x: reals() },
  examples: [
    [[[[1], [2]]], [1, 2]],
    [
      [[[[1], [2]]], { axis: 0 }],
      [[1], [2]],
    ],
  ],
});
