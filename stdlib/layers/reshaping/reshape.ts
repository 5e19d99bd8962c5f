/** `reshape`: the op on a tensor, or the layer when it is given a shape alone. */

import type { Op } from '../../../compiler/op/card.ts';
import { targetShape } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Dim, Shape, Tensor } from '../../../dsl/tensor.ts';
import type { Reshape } from '../../ops/movement/reshape.ts';
import { reshape as reshapeTensor } from '../../ops/movement/reshape.ts';

type ReshapeRows = (shape: Shape, options?: LayerOptions) => Layer;

const reshapeRows: LayerKind<ReshapeRows> = defineLayer(
  'reshape',
  (shape: Shape, _options: LayerOptions = {}) => ({
    call: (_, x) => reshapeTensor(x, [x.shape[0] ?? 1, ...(shape as Dim[])]),
  }),
  {
    arguments: { shape: targetShape },
    options: {},
    examples: [
      { of: [[3, 2]], on: [[6]] },
      { of: [[2, -1]], on: [[4, 3]] },
    ],
  },
);

function either(...args: Parameters<ReshapeRows> | Parameters<Reshape>): unknown {
  const [first, options] = args;
  return Array.isArray(first)
    ? reshapeRows(first, options as LayerOptions | undefined)
    : reshapeTensor(...(args as [Tensor, Shape]));
}

/**
 * `reshape(x, shape)`: the elements of x in another shape. `reshape(shape)`: a layer that does so for each row and
 * leaves the batch axis alone, [B, …] → [B, ...shape]. One size may be −1.
 */
export const reshape: Op<Reshape> & LayerKind<ReshapeRows> = Object.assign(
  either as unknown as Reshape & ReshapeRows,
  {
    card: reshapeTensor.card,
    facts: reshapeRows.facts,
  },
);
