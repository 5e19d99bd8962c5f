/** A tensor whose exact type is known to its maker, though not to what it is made by. */
import type { DType, Shape, Tensor } from '../../../../dsl/tensor.ts';

/** x, which has this shape and dtype: a fact that its maker vouches for. */
export function typed<const S extends Shape, D extends DType>(x: Tensor, shape: S, dtype: D): Tensor<S, D> {
  const fits = x.dtype === dtype && x.shape.length === shape.length;
  if (!fits)
    throw new Error(`internal: a tensor is not of the type that its maker says: ${x.dtype}, ${dtype}`);
  return x as Tensor<S, D>;
}
