/** Zeros around one spatial axis. */
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { pad } from '../../ops/movement/pad.ts';
import type { Channels, Slid1d } from '../parts/convolutional.ts';
import { checkSpatial } from '../parts/convolutional.ts';
import type { Margin } from '../parts/margins.ts';
import { marginsFrom, perEdge } from '../parts/margins.ts';

export type ZeroPadding1dOptions = LayerOptions;

type ZeroPadding1d = (
  padding?: number | Margin,
  options?: ZeroPadding1dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid1d<S, Channels<S>>, 'float32'>>;

/**
 * [B, length, channels] with zeros before and after: one count for both ends, by default 1, or a pair.
 */
export const zeroPadding1d: LayerKind<ZeroPadding1d> = defineLayer(
  'zeroPadding1d',
  (padding: number | Margin = 1, _options: ZeroPadding1dOptions = {}) => {
    const margins = marginsFrom(padding, 1);
    return {
      call: (_, x) => {
        checkSpatial('zeroPadding1d', x, 1);
        return pad(x, {
          before: [0, ...margins.map(([before]) => before), 0],
          after: [0, ...margins.map(([, after]) => after), 0],
        });
      },
    };
  },
  {
    arguments: { padding: perEdge(1) },
    options: {},
    examples: [
      { of: [], on: [[7, 3]] },
      { of: [[1, 2]], on: [[7, 3]] },
    ],
  },
);
