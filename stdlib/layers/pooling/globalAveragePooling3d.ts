/** The average of each channel, over three spatial axes. */
import { flag } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { mean } from '../../ops/reduction/mean.ts';
import type { Global, GlobalPoolingOptions } from '../parts/global-pooling.ts';
import { globalPooling } from '../parts/global-pooling.ts';

export type GlobalAveragePooling3dOptions = GlobalPoolingOptions;

type GlobalAveragePooling3d = <const O extends GlobalAveragePooling3dOptions = Record<never, never>>(
  options?: O,
) => Layer<
  <S extends Shape>(
    x: Tensor<S>,
  ) => Tensor<O extends { readonly keepDims: true } ? Shape : Global<S>, 'float32'>
>;

/** `mean` over the spatial axes: [B, depth, height, width, channels] → [B, channels], or [B, 1, 1, 1, channels] with `keepDims`. */
export const globalAveragePooling3d: LayerKind<GlobalAveragePooling3d> = defineLayer(
  'globalAveragePooling3d',
  (options: GlobalAveragePooling3dOptions = {}) => globalPooling('globalAveragePooling3d', 3, mean, options),
  {
    options: { keepDims: flag },
    examples: [
      { of: [], on: [[4, 3, 5, 2]] },
      { of: [{ keepDims: true }], on: [[4, 3, 5, 2]] },
    ],
  },
);
