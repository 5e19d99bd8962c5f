/** What a state becomes. */

import { sameShape } from '../../../compiler/ir/dim.ts';
import { any } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import type { Tensor } from '../../../dsl/tensor.ts';

type Update = <X extends Tensor>(x: X, state: Tensor, value: Tensor) => X;

/** x itself; and when a training step that uses it ends, `state` takes `value`. Gradients pass through x only. */
export const update: Op<Update> = defineOp({
  name: 'update',
  kind: 'update',
  inputs: { x: any, state: any, value: any },
  type: ({ x, state, value }, _, op) => {
    if (state.dtype !== value.dtype || !sameShape(state.shape, value.shape)) {
      throw new TypeMismatch({
        message: `${op} cannot put ${typeText(value)} into a state of ${typeText(state)}`,
        blame: 1,
        expected: typeText(state),
        received: typeText(value),
      });
    }
    return x;
  },
  evaluate: ({ x }) => x,
  gradient: ({ dy }) => ({ x: dy, state: undefined, value: undefined }),
  lower: {},
  domain: { x: reals(), state: reals(), value: reals() },
  cost: 0,
  examples: [
    [
      [[1, 2], 0, 5],
      [1, 2],
    ],
  ],
});
