/** The average of windows over three spatial axes. */
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { averagePool } from '../../ops/windows/averagePool.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { Channels, Slid3d } from '../parts/convolutional.ts';
import type { PoolingLayerOptions } from '../parts/pooling-layer.ts';
import { poolingLayer, poolingTakes } from '../parts/pooling-layer.ts';

export type AveragePooling3dOptions = PoolingLayerOptions;

type AveragePooling3d = (
  poolSize?: PerAxis,
  options?: AveragePooling3dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid3d<S, Channels<S>>, 'float32'>>;

/** `averagePool` with windows of `poolSize`, by default 2 along each axis: [B, depth, height, width, channels] → [B, planes, rows, columns, channels]. */
export const averagePooling3d: LayerKind<AveragePooling3d> = defineLayer(
  'averagePooling3d',
  (poolSize: PerAxis = 2, options: AveragePooling3dOptions = {}) =>
    poolingLayer('averagePooling3d', 3, averagePool, poolSize, options),
  {
    ...poolingTakes(3),
    examples: [
      { of: [], on: [[4, 3, 5, 2]] },
      { of: [3, { strides: 1, padding: 'same' }], on: [[4, 3, 5, 2]] },
    ],
  },
);
