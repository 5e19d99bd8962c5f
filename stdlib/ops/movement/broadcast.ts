/** Stretches a tensor to a larger shape. */
import { broadcastCard } from '../../../compiler/op/broadcast.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { opOf } from '../../../compiler/op/define/define-op.ts';
import type { DTypeOf } from '../../../compiler/op/signatures.ts';
import type { Shape, Tensor, TensorLike } from '../../../dsl/tensor.ts';

type BroadcastTo = <X extends TensorLike, const S extends Shape>(x: X, shape: S) => Tensor<S, DTypeOf<X>>;

/** x stretched to `shape` by NumPy's rule: axes are aligned at the last, and an axis of size 1 is repeated. */
export const broadcast: Op<BroadcastTo> = opOf(broadcastCard);
