/** The ends of three spatial axes cut off. */
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { Channels, Slid3d } from '../parts/convolutional.ts';
import { cropped } from '../parts/cropped.ts';
import type { Margin } from '../parts/margins.ts';
import { marginsFrom, perEdge } from '../parts/margins.ts';

export type Cropping3dOptions = LayerOptions;

type Cropping3d = (
  cropping?: number | readonly [Margin | number, Margin | number, Margin | number],
  options?: Cropping3dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid3d<S, Channels<S>>, 'float32'>>;

/**
 * [B, depth, height, width, channels] without its ends: one count for both ends of all axes, by default 1,
 * one for each axis, or a pair for each.
 */
export const cropping3d: LayerKind<Cropping3d> = defineLayer(
  'cropping3d',
  (
    cropping: number | readonly [Margin | number, Margin | number, Margin | number] = 1,
    _options: Cropping3dOptions = {},
  ) => {
    const margins = marginsFrom(cropping, 3);
    return { call: (_, x) => cropped('cropping3d', x, margins) };
  },
  {
    arguments: { cropping: perEdge(3) },
    options: {},
    examples: [
      { of: [1], on: [[4, 3, 5, 2]] },
      { of: [[1, [0, 1], 1]], on: [[6, 6, 6, 2]] },
    ],
  },
);
