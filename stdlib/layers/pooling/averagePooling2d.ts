/** The average of windows over two spatial axes. */
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { averagePool } from '../../ops/windows/averagePool.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { Channels, Slid2d } from '../parts/convolutional.ts';
import type { PoolingLayerOptions } from '../parts/pooling-layer.ts';
import { poolingLayer, poolingTakes } from '../parts/pooling-layer.ts';

export type AveragePooling2dOptions = PoolingLayerOptions;

type AveragePooling2d = (
  poolSize?: PerAxis,
  options?: AveragePooling2dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid2d<S, Channels<S>>, 'float32'>>;

/** `averagePool` with windows of `poolSize`, by default 2 along each axis: [B, height, width, channels] → [B, rows, columns, channels]. */
export const averagePooling2d: LayerKind<AveragePooling2d> = defineLayer(
  'averagePooling2d',
  (poolSize: PerAxis = 2, options: AveragePooling2dOptions = {}) =>
    poolingLayer('averagePooling2d', 2, averagePool, poolSize, options),
  {
    ...poolingTakes(2),
    examples: [
      { of: [], on: [[5, 6, 3]] },
      { of: [3, { strides: 1, padding: 'same' }], on: [[5, 6, 3]] },
    ],
  },
);
