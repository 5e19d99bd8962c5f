/** How many values a tensor holds. */
import { product } from '../../../compiler/ir/dim.ts';
import { dimension } from '../../../compiler/op/leaf.ts';
import type { Tensor } from '../../../dsl/tensor.ts';

/** The number of elements of x in this batch, as a scalar. */
export function countOf(x: Tensor): Tensor {
  return dimension(product(x.shape));
}
