/** The way back from a reduction. */

import { axesOf } from '../../compiler/op/axes.ts';
import type { Folded } from '../../compiler/op/type-rules.ts';
import type { Shape, Tensor } from '../../dsl/tensor.ts';
import { broadcast } from '../ops/movement/broadcast.ts';
import { reshape } from '../ops/movement/reshape.ts';

/** Stretches what a reduction over `axis` left of a tensor to that tensor's shape. */
export function spread(folded: Tensor, shape: Shape, axis: Folded['axis']): Tensor {
  const gone = axesOf(axis, shape.length, 'internal');
  const slots = shape.map((size, at) => (gone.includes(at) ? 1 : size));
  return broadcast(reshape(folded, slots), shape);
}
