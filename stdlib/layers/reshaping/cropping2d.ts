/** The ends of two spatial axes cut off. */
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { Channels, Slid2d } from '../parts/convolutional.ts';
import { cropped } from '../parts/cropped.ts';
import type { Margin } from '../parts/margins.ts';
import { marginsFrom, perEdge } from '../parts/margins.ts';

export type Cropping2dOptions = LayerOptions;

type Cropping2d = (
  cropping?: number | readonly [Margin | number, Margin | number],
  options?: Cropping2dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid2d<S, Channels<S>>, 'float32'>>;

/**
 * [B, height, width, channels] without its ends: one count for both ends of all axes, by default 0,
 * one for each axis, or a pair for each.
 */
export const cropping2d: LayerKind<Cropping2d> = defineLayer(
  'cropping2d',
  (cropping: number | readonly [Margin | number, Margin | number] = 0, _options: Cropping2dOptions = {}) => {
    const margins = marginsFrom(cropping, 2);
    return { call: (_, x) => cropped('cropping2d', x, margins) };
  },
  {
    arguments: { cropping: perEdge(2) },
    options: {},
    examples: [
      { of: [1], on: [[5, 6, 3]] },
      { of: [[[1, 0], 2]], on: [[5, 6, 3]] },
    ],
  },
);
