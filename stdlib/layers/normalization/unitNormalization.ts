/** Rows of length 1. */
import type { Layer } from '../../../compiler/op/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { l2Normalize } from '../../ops/arithmetic/l2Normalize.ts';

export interface UnitNormalizationOptions {
  /** The axes whose elements together have length 1. Default −1. */
  readonly axis?: number | readonly number[];
  /** What to call the layer. Default `unitNormalization`. */
  readonly name?: string;
}

type UnitNormalization = (
  options?: UnitNormalizationOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<S, 'float32'>>;

/** x / √(Σ x²), the sum over `axis`; a row that is shorter than 10⁻¹² is divided by that. */
export const unitNormalization = defineLayer<
  [options?: UnitNormalizationOptions],
  undefined,
  UnitNormalization
>('unitNormalization', ({ axis = -1, name } = {}) => ({
  name,
  // l2Normalize bounds the sum of squares, Keras its root.
  call: (_, x) => l2Normalize(x!, { axis, epsilon: 1e-24 }),
}));
