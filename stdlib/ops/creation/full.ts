/** A tensor of one number. */
import type { DType, Shape, Tensor } from '../../../dsl/tensor.ts';
import type { CreationOptions } from './parts/creation.ts';
import { filled } from './parts/creation.ts';

/** `value` everywhere: `full([2, 3], 0.5)` is f32[2, 3]. */
export function full<const S extends Shape, D extends DType = 'float32'>(
  shape: S,
  value: number,
  options: CreationOptions<D> = {},
): Tensor<S, D> {
  return filled('full', shape, value, options);
}
