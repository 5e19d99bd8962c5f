/** The few ops that the compiler itself speaks, whatever they are called in a vocabulary. */
import type { DType, Shape, Tensor } from '../../dsl/tensor.ts';
import type { Pairs } from './card.ts';

/** Differentiation adds up and sums out, programs count and average, plans put axes in order. */
export interface Roles {
  readonly add: (a: Tensor | number, b: Tensor | number) => Tensor;
  readonly subtract: (a: Tensor | number, b: Tensor | number) => Tensor;
  readonly multiply: (a: Tensor | number, b: Tensor | number) => Tensor;
  readonly divide: (a: Tensor | number, b: Tensor | number) => Tensor;
  readonly floorDivide: (a: Tensor | number, b: Tensor | number) => Tensor;
  readonly mod: (a: Tensor | number, b: Tensor | number) => Tensor;
  readonly equal: (a: Tensor | number, b: Tensor | number) => Tensor;
  readonly where: (condition: Tensor, a: Tensor | number, b: Tensor | number) => Tensor;
  /** Sums over the given axes, or all. */
  readonly sum: (x: Tensor, options: { readonly axis: readonly number[] | null }) => Tensor;
  readonly reshape: (x: Tensor, shape: Shape) => Tensor;
  readonly transpose: (x: Tensor, axes: readonly number[]) => Tensor;
  /** Sums of products over the axes paired in `over`, for each place along those paired in `batch`. */
  readonly contract: (left: Tensor, right: Tensor, pairs: Pairs) => Tensor;
  readonly cast: (x: Tensor, dtype: DType) => Tensor;
}
