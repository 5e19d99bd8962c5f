/** Layers that keep one number of each window: their arguments, checked. */
import type { LayerDefinition } from '../../../compiler/op/define-layer.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import type { PoolOptions } from '../../ops/windows/parts/pooling.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import { checkPadding, checkSpatial, countsOf } from './convolutional.ts';

export interface PoolingLayerOptions extends PoolOptions {}

export function poolingLayer(
  kind: string,
  rank: number,
  pool: (x: Tensor, poolSize: PerAxis, options: PoolOptions) => Tensor,
  poolSize: PerAxis,
  { strides = null, padding = 'valid' }: PoolingLayerOptions,
): LayerDefinition<undefined> {
  checkPadding(kind, padding, ['valid', 'same']);
  const size = countsOf(kind, 'a pool size', poolSize, rank);
  const options = { strides: strides === null ? size : countsOf(kind, 'strides', strides, rank), padding };
  return {
    call: (_, x) => {
      checkSpatial(kind, x, rank);
      return pool(x, size, options);
    },
  };
}
