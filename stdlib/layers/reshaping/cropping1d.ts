/** The ends of one spatial axis cut off. */
import type { Layer } from '../../../compiler/op/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { Channels, Slid1d } from '../parts/convolutional.ts';
import { cropped } from '../parts/cropped.ts';
import type { Margin } from '../parts/margins.ts';
import { marginsFrom } from '../parts/margins.ts';

export interface Cropping1dOptions {
  /** What to call the layer. Default `cropping1d`. */
  readonly name?: string;
}

type Cropping1d = (
  cropping?: number | Margin,
  options?: Cropping1dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid1d<S, Channels<S>>, 'float32'>>;

/**
 * [B, length, channels] without its ends: one count for both ends, by default 1, or a pair.
 */
export const cropping1d = defineLayer<
  [cropping?: number | Margin, options?: Cropping1dOptions],
  undefined,
  Cropping1d
>('cropping1d', (cropping = 1, options = {}) => {
  const margins = marginsFrom('cropping1d', cropping, 1);
  return { name: options.name, call: (_, x) => cropped('cropping1d', x!, margins) };
});
