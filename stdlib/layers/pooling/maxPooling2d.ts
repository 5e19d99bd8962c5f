/** The largest element of windows over two spatial axes. */
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { maxPool } from '../../ops/windows/maxPool.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { Channels, Slid2d } from '../parts/convolutional.ts';
import type { PoolingLayerOptions } from '../parts/pooling-layer.ts';
import { poolingLayer, poolingTakes } from '../parts/pooling-layer.ts';

export type MaxPooling2dOptions = PoolingLayerOptions;

type MaxPooling2d = (
  poolSize?: PerAxis,
  options?: MaxPooling2dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid2d<S, Channels<S>>, 'float32'>>;

/** `maxPool` with windows of `poolSize`, by default 2 along each axis: [B, height, width, channels] → [B, rows, columns, channels]. */
export const maxPooling2d: LayerKind<MaxPooling2d> = defineLayer(
  'maxPooling2d',
  (poolSize: PerAxis = 2, options: MaxPooling2dOptions = {}) =>
    poolingLayer('maxPooling2d', 2, maxPool, poolSize, options),
  {
    ...poolingTakes(2),
    examples: [
      { of: [], on: [[5, 6, 3]] },
      { of: [3, { strides: 1, padding: 'same' }], on: [[5, 6, 3]] },
    ],
  },
);
