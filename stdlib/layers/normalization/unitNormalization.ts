/** Rows of length 1. */
import { axes } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { l2Normalize } from '../../ops/arithmetic/l2Normalize.ts';

export interface UnitNormalizationOptions extends LayerOptions {
  /** The axes whose elements together have length 1. Default −1. */
  readonly axis?: number | readonly number[] | undefined;
}

type UnitNormalization = (
  options?: UnitNormalizationOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<S, 'float32'>>;

/** x / √(Σ x²), the sum over `axis`; a row that is shorter than 10⁻¹² is divided by that. */
export const unitNormalization: LayerKind<UnitNormalization> = defineLayer(
  'unitNormalization',
  ({ axis = -1 }: UnitNormalizationOptions = {}) => ({
    // l2Normalize bounds the sum of squares, Keras its root.
    call: (_, x) => l2Normalize(x, { axis, epsilon: 1e-24 }),
  }),
  {
    options: { axis: axes },
    examples: [
      { of: [], on: [[5]] },
      { of: [{ axis: [1, 2] }], on: [[3, 4]] },
    ],
  },
);
