/** The average of each channel, over one spatial axis. */
import { flag } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { mean } from '../../ops/reduction/mean.ts';
import type { Global, GlobalPoolingOptions } from '../parts/global-pooling.ts';
import { globalPooling } from '../parts/global-pooling.ts';

export type GlobalAveragePooling1dOptions = GlobalPoolingOptions;

type GlobalAveragePooling1d = <const O extends GlobalAveragePooling1dOptions = Record<never, never>>(
  options?: O,
) => Layer<
  <S extends Shape>(
    x: Tensor<S>,
  ) => Tensor<O extends { readonly keepDims: true } ? Shape : Global<S>, 'float32'>
>;

/** `mean` over the spatial axes: [B, length, channels] → [B, channels], or [B, 1, channels] with `keepDims`. */
export const globalAveragePooling1d: LayerKind<GlobalAveragePooling1d> = defineLayer(
  'globalAveragePooling1d',
  (options: GlobalAveragePooling1dOptions = {}) => globalPooling('globalAveragePooling1d', 1, mean, options),
  {
    options: { keepDims: flag },
    examples: [
      { of: [], on: [[7, 3]] },
      { of: [{ keepDims: true }], on: [[7, 3]] },
    ],
  },
);
