/** Zeros around three spatial axes. */
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { pad } from '../../ops/movement/pad.ts';
import type { Channels, Slid3d } from '../parts/convolutional.ts';
import { checkSpatial } from '../parts/convolutional.ts';
import type { Margin } from '../parts/margins.ts';
import { marginsFrom, perEdge } from '../parts/margins.ts';

export type ZeroPadding3dOptions = LayerOptions;

type ZeroPadding3d = (
  padding?: number | readonly [Margin | number, Margin | number, Margin | number],
  options?: ZeroPadding3dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid3d<S, Channels<S>>, 'float32'>>;

/**
 * [B, depth, height, width, channels] with zeros before and after: one count for both ends of all axes, by default 1,
 * one for each axis, or a pair for each.
 */
export const zeroPadding3d: LayerKind<ZeroPadding3d> = defineLayer(
  'zeroPadding3d',
  (
    padding: number | readonly [Margin | number, Margin | number, Margin | number] = 1,
    _options: ZeroPadding3dOptions = {},
  ) => {
    const margins = marginsFrom(padding, 3);
    return {
      call: (_, x) => {
        checkSpatial('zeroPadding3d', x, 3);
        return pad(x, {
          before: [0, ...margins.map(([before]) => before), 0],
          after: [0, ...margins.map(([, after]) => after), 0],
        });
      },
    };
  },
  {
    arguments: { padding: perEdge(3) },
    options: {},
    examples: [
      { of: [], on: [[4, 3, 5, 2]] },
      { of: [[1, [0, 1], 1]], on: [[4, 3, 5, 2]] },
    ],
  },
);
