/** The same numbers in another dtype. */

import { any } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { ShapeOf } from '../../../compiler/op/signatures.ts';
import type { DType, Tensor, TensorLike } from '../../../dsl/tensor.ts';
import { castIn } from '../../tensorflow/cast.ts';

/**
 * The same numbers in another dtype. float32 → int32 truncates toward zero, saturates at the ends and takes NaN to
 * 0; anything → bool asks whether it is not 0; bool → a number is 0 or 1.
 */
export const cast: Op<<X extends TensorLike, D extends DType>(x: X, dtype: D) => Tensor<ShapeOf<X>, D>> =
  defineOp({
    name: 'cast',
    kind: 'map',
    inputs: { x: any },
    options: { dtype: option.dtype() },
    positional: ['dtype'],
    type: ({ x }, { dtype }) => ({ dtype, shape: x.shape }),
    scalar: ({ x }, { dtype }) => {
      if (dtype === 'bool') return Number(x !== 0);
      if (dtype === 'float32') return x;
      if (Number.isNaN(x)) return 0;
      return Math.min(Math.max(Math.trunc(x), -(2 ** 31)), 2 ** 31 - 1);
    },
    gradient: ({ inputs: { x }, options, dy }) => ({
      x: x.dtype === 'float32' && options.dtype === 'float32' ? dy : undefined,
    }),
    lower: {
      wasm: (s, { x }, { dtype }) => {
        const from = x.type;
        if (dtype === 'bool') return from === 'mask' ? x : s.not(s.eq(x, 0));
        if (dtype === 'int32') return from === 'mask' ? s.bit(x) : from === 'f32' ? s.toInt(x) : x;
        return from === 'mask' ? s.toFloat(s.bit(x)) : from === 'i32' ? s.toFloat(x) : x;
      },
      tensorflow: (tf, { x }, { dtype }) => castIn(tf, x, dtype),
    },
    domain: { x: reals() },
    examples: [
      [
        [[1.5, -1.5, 0], 'int32'],
        [1, -1, 0],
      ],
      [
        [[1.5, 0], 'bool'],
        [true, false],
      ],
    ],
  });
