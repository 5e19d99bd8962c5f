/** Layers that keep one number of each window: their arguments, checked. */
import { oneOf, optional, orNull, perAxis } from '../../../compiler/op/checks.ts';
import type { LayerDefinition, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import type { PoolOptions } from '../../ops/windows/parts/pooling.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import { checkSpatial, countsOf } from './convolutional.ts';

export interface PoolingLayerOptions extends PoolOptions, LayerOptions {}

/** What a pooling layer of `rank` axes takes. */
export const poolingTakes = (rank: number) => ({
  arguments: { poolSize: optional(perAxis(rank)) },
  options: { strides: orNull(perAxis(rank)), padding: oneOf('valid', 'same') },
});

export function poolingLayer(
  kind: string,
  rank: number,
  pool: (x: Tensor, poolSize: PerAxis, options: PoolOptions) => Tensor,
  poolSize: PerAxis,
  { strides = null, padding = 'valid' }: PoolingLayerOptions,
): LayerDefinition<undefined> {
  const size = countsOf(poolSize, rank);
  const options = { strides: strides === null ? size : countsOf(strides, rank), padding };
  return {
    call: (_, x) => {
      checkSpatial(kind, x, rank);
      return pool(x, size, options);
    },
  };
}
