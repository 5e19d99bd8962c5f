/** `reshape`: the op on a tensor, or the layer when it is given a shape alone. */
import type { Op } from '../../../compiler/op/card.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define-layer.ts';
import type { Dim, Shape, Tensor } from '../../../dsl/tensor.ts';
import type { Reshape } from '../../ops/movement/reshape.ts';
import { reshape as reshapeTensor } from '../../ops/movement/reshape.ts';

type ReshapeRows = (shape: Shape) => Layer;

const reshapeRows: LayerKind<ReshapeRows> = defineLayer('reshape', (shape: Shape) => ({
  call: (_, x) => reshapeTensor(x, [x.shape[0] ?? 1, ...(shape as Dim[])]),
}));

function either(...args: readonly [Shape] | Parameters<Reshape>): unknown {
  const [first] = args;
  return Array.isArray(first) ? reshapeRows(first) : reshapeTensor(...(args as [Tensor, Shape]));
}

/**
 * `reshape(x, shape)`: the elements of x in another shape. `reshape(shape)`: a layer that does so for each row and
 * leaves the batch axis alone, [B, …] → [B, ...shape]. One size may be −1.
 */
export const reshape: Op<Reshape> & ReshapeRows = Object.assign(either as unknown as Reshape & ReshapeRows, {
  card: reshapeTensor.card,
});
