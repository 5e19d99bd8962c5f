/** The largest element of each channel, over three spatial axes. */
import { flag } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { max } from '../../ops/reduction/max.ts';
import type { Global, GlobalPoolingOptions } from '../parts/global-pooling.ts';
import { globalPooling } from '../parts/global-pooling.ts';

export type GlobalMaxPooling3dOptions = GlobalPoolingOptions;

type GlobalMaxPooling3d = <const O extends GlobalMaxPooling3dOptions = Record<never, never>>(
  options?: O,
) => Layer<
  <S extends Shape>(
    x: Tensor<S>,
  ) => Tensor<O extends { readonly keepDims: true } ? Shape : Global<S>, 'float32'>
>;

/** `max` over the spatial axes: [B, depth, height, width, channels] → [B, channels], or [B, 1, 1, 1, channels] with `keepDims`. */
export const globalMaxPooling3d: LayerKind<GlobalMaxPooling3d> = defineLayer(
  'globalMaxPooling3d',
  (options: GlobalMaxPooling3dOptions = {}) => globalPooling('globalMaxPooling3d', 3, max, options),
  {
    options: { keepDims: flag },
    examples: [
      { of: [], on: [[4, 3, 5, 2]] },
      { of: [{ keepDims: true }], on: [[4, 3, 5, 2]] },
    ],
  },
);
