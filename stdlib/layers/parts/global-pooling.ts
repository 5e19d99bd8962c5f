/** Layers that keep one number of each channel. */
import type { LayerDefinition, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import type { Dim, Shape, Tensor } from '../../../dsl/tensor.ts';
import { axesFrom } from '../../ops/windows/parts/windowing.ts';
import { checkSpatial } from './convolutional.ts';

export interface GlobalPoolingOptions extends LayerOptions {
  /** Leaves the spatial axes in place, with size 1. Default false. */
  readonly keepDims?: boolean | undefined;
}

/** [B, …spatial, channels] → [B, channels] @public */
export type Global<S extends Shape> = S extends readonly [infer B extends Dim, ...Shape, infer C extends Dim]
  ? readonly [B, C]
  : Shape;

export function globalPooling(
  kind: string,
  rank: number,
  fold: (x: Tensor, options: { readonly axis: readonly number[]; readonly keepDims: boolean }) => Tensor,
  { keepDims = false }: GlobalPoolingOptions,
): LayerDefinition<undefined> {
  return {
    call: (_, x) => {
      checkSpatial(kind, x, rank);
      return fold(x, { axis: axesFrom(1, rank), keepDims });
    },
  };
}
