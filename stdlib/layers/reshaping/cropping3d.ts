/** The ends of three spatial axes cut off. */
import type { Layer } from '../../../compiler/op/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { Channels, Slid3d } from '../parts/convolutional.ts';
import { cropped } from '../parts/cropped.ts';
import type { Margin } from '../parts/margins.ts';
import { marginsFrom } from '../parts/margins.ts';

export interface Cropping3dOptions {
  /** What to call the layer. Default `cropping3d`. */
  readonly name?: string;
}

type Cropping3d = (
  cropping?: number | readonly [Margin | number, Margin | number, Margin | number],
  options?: Cropping3dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid3d<S, Channels<S>>, 'float32'>>;

/**
 * [B, depth, height, width, channels] without its ends: one count for both ends of all axes, by default 1,
 * one for each axis, or a pair for each.
 */
export const cropping3d = defineLayer<
  [
    cropping?: number | readonly [Margin | number, Margin | number, Margin | number],
    options?: Cropping3dOptions,
  ],
  undefined,
  Cropping3d
>('cropping3d', (cropping = 1, options = {}) => {
  const margins = marginsFrom('cropping3d', cropping, 3);
  return { name: options.name, call: (_, x) => cropped('cropping3d', x!, margins) };
});
