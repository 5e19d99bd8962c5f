/** The largest element of each channel, over one spatial axis. */
import { flag } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { max } from '../../ops/reduction/max.ts';
import type { Global, GlobalPoolingOptions } from '../parts/global-pooling.ts';
import { globalPooling } from '../parts/global-pooling.ts';

export type GlobalMaxPooling1dOptions = GlobalPoolingOptions;

type GlobalMaxPooling1d = <const O extends GlobalMaxPooling1dOptions = Record<never, never>>(
  options?: O,
) => Layer<
  <S extends Shape>(
    x: Tensor<S>,
  ) => Tensor<O extends { readonly keepDims: true } ? Shape : Global<S>, 'float32'>
>;

/** `max` over the spatial axes: [B, length, channels] → [B, channels], or [B, 1, channels] with `keepDims`. */
export const globalMaxPooling1d: LayerKind<GlobalMaxPooling1d> = defineLayer(
  'globalMaxPooling1d',
  (options: GlobalMaxPooling1dOptions = {}) => globalPooling('globalMaxPooling1d', 1, max, options),
  {
    options: { keepDims: flag },
    examples: [
      { of: [], on: [[7, 3]] },
      { of: [{ keepDims: true }], on: [[7, 3]] },
    ],
  },
);
