/** A tensor of zeros. */
import type { DType, Shape, Tensor } from '../../../dsl/tensor.ts';
import type { CreationOptions } from './parts/creation.ts';
import { filled } from './parts/creation.ts';

/**
 * 0 everywhere. `zeros([2, 3])` is f32[2, 3]; `zeros(x.shape)` has the size of a batch, too. Itself an initializer:
 * `param([3], { initializer: zeros })`.
 */
export function zeros<const S extends Shape, D extends DType = 'float32'>(
  shape: S,
  options: CreationOptions<D> = {},
): Tensor<S, D> {
  return filled('zeros', shape, 0, options);
}
