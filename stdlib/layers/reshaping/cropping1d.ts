/** The ends of one spatial axis cut off. */
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { Channels, Slid1d } from '../parts/convolutional.ts';
import { cropped } from '../parts/cropped.ts';
import type { Margin } from '../parts/margins.ts';
import { marginsFrom, perEdge } from '../parts/margins.ts';

export type Cropping1dOptions = LayerOptions;

type Cropping1d = (
  cropping?: number | Margin,
  options?: Cropping1dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid1d<S, Channels<S>>, 'float32'>>;

/**
 * [B, length, channels] without its ends: one count for both ends, by default 1, or a pair.
 */
export const cropping1d: LayerKind<Cropping1d> = defineLayer(
  'cropping1d',
  (cropping: number | Margin = 1, _options: Cropping1dOptions = {}) => {
    const margins = marginsFrom(cropping, 1);
    return { call: (_, x) => cropped('cropping1d', x, margins) };
  },
  {
    arguments: { cropping: perEdge(1) },
    options: {},
    examples: [
      { of: [1], on: [[7, 3]] },
      { of: [[1, 2]], on: [[7, 3]] },
    ],
  },
);
