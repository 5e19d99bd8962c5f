/** The average of each channel, over two spatial axes. */
import { flag } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { mean } from '../../ops/reduction/mean.ts';
import type { Global, GlobalPoolingOptions } from '../parts/global-pooling.ts';
import { globalPooling } from '../parts/global-pooling.ts';

export type GlobalAveragePooling2dOptions = GlobalPoolingOptions;

type GlobalAveragePooling2d = <const O extends GlobalAveragePooling2dOptions = Record<never, never>>(
  options?: O,
) => Layer<
  <S extends Shape>(
    x: Tensor<S>,
  ) => Tensor<O extends { readonly keepDims: true } ? Shape : Global<S>, 'float32'>
>;

/** `mean` over the spatial axes: [B, height, width, channels] → [B, channels], or [B, 1, 1, channels] with `keepDims`. */
export const globalAveragePooling2d: LayerKind<GlobalAveragePooling2d> = defineLayer(
  'globalAveragePooling2d',
  (options: GlobalAveragePooling2dOptions = {}) => globalPooling('globalAveragePooling2d', 2, mean, options),
  {
    options: { keepDims: flag },
    examples: [
      { of: [], on: [[5, 6, 3]] },
      { of: [{ keepDims: true }], on: [[5, 6, 3]] },
    ],
  },
);
