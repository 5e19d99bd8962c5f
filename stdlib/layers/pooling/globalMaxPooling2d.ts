/** The largest element of each channel, over two spatial axes. */
import { flag } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { max } from '../../ops/reduction/max.ts';
import type { Global, GlobalPoolingOptions } from '../parts/global-pooling.ts';
import { globalPooling } from '../parts/global-pooling.ts';

export type GlobalMaxPooling2dOptions = GlobalPoolingOptions;

type GlobalMaxPooling2d = <const O extends GlobalMaxPooling2dOptions = Record<never, never>>(
  options?: O,
) => Layer<
  <S extends Shape>(
    x: Tensor<S>,
  ) => Tensor<O extends { readonly keepDims: true } ? Shape : Global<S>, 'float32'>
>;

/** `max` over the spatial axes: [B, height, width, channels] → [B, channels], or [B, 1, 1, channels] with `keepDims`. */
export const globalMaxPooling2d: LayerKind<GlobalMaxPooling2d> = defineLayer(
  'globalMaxPooling2d',
  (options: GlobalMaxPooling2dOptions = {}) => globalPooling('globalMaxPooling2d', 2, max, options),
  {
    options: { keepDims: flag },
    examples: [
      { of: [], on: [[5, 6, 3]] },
      { of: [{ keepDims: true }], on: [[5, 6, 3]] },
    ],
  },
);
