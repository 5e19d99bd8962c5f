/** The largest element of windows over one spatial axis. */
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { maxPool } from '../../ops/windows/maxPool.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { Channels, Slid1d } from '../parts/convolutional.ts';
import type { PoolingLayerOptions } from '../parts/pooling-layer.ts';
import { poolingLayer, poolingTakes } from '../parts/pooling-layer.ts';

export type MaxPooling1dOptions = PoolingLayerOptions;

type MaxPooling1d = (
  poolSize?: PerAxis,
  options?: MaxPooling1dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid1d<S, Channels<S>>, 'float32'>>;

/** `maxPool` with windows of `poolSize`, by default 2: [B, length, channels] → [B, places, channels]. */
export const maxPooling1d: LayerKind<MaxPooling1d> = defineLayer(
  'maxPooling1d',
  (poolSize: PerAxis = 2, options: MaxPooling1dOptions = {}) =>
    poolingLayer('maxPooling1d', 1, maxPool, poolSize, options),
  {
    ...poolingTakes(1),
    examples: [
      { of: [], on: [[7, 3]] },
      { of: [3, { strides: 1, padding: 'same' }], on: [[7, 3]] },
    ],
  },
);
