/** Zeros around two spatial axes. */
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { pad } from '../../ops/movement/pad.ts';
import type { Channels, Slid2d } from '../parts/convolutional.ts';
import { checkSpatial } from '../parts/convolutional.ts';
import type { Margin } from '../parts/margins.ts';
import { marginsFrom, perEdge } from '../parts/margins.ts';

export type ZeroPadding2dOptions = LayerOptions;

type ZeroPadding2d = (
  padding?: number | readonly [Margin | number, Margin | number],
  options?: ZeroPadding2dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid2d<S, Channels<S>>, 'float32'>>;

/**
 * [B, height, width, channels] with zeros before and after: one count for both ends of all axes, by default 1,
 * one for each axis, or a pair for each.
 */
export const zeroPadding2d: LayerKind<ZeroPadding2d> = defineLayer(
  'zeroPadding2d',
  (
    padding: number | readonly [Margin | number, Margin | number] = 1,
    _options: ZeroPadding2dOptions = {},
  ) => {
    const margins = marginsFrom(padding, 2);
    return {
      call: (_, x) => {
        checkSpatial('zeroPadding2d', x, 2);
        return pad(x, {
          before: [0, ...margins.map(([before]) => before), 0],
          after: [0, ...margins.map(([, after]) => after), 0],
        });
      },
    };
  },
  {
    arguments: { padding: perEdge(2) },
    options: {},
    examples: [
      { of: [], on: [[5, 6, 3]] },
      { of: [[[1, 0], 2]], on: [[5, 6, 3]] },
    ],
  },
);
