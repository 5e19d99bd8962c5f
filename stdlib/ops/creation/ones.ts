/** A tensor of ones. */
import type { DType, Shape, Tensor } from '../../../dsl/tensor.ts';
import type { CreationOptions } from './parts/creation.ts';
import { filled } from './parts/creation.ts';

/** 1 everywhere. `ones([2, 3])` is f32[2, 3]. Itself an initializer: `param([3], { initializer: ones })`. */
export function ones<const S extends Shape, D extends DType = 'float32'>(
  shape: S,
  options: CreationOptions<D> = {},
): Tensor<S, D> {
  return filled('ones', shape, 1, options);
}
