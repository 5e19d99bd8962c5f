/** Convolution of each channel, then a mixture of the channels, over one spatial axis. */
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { Slid1d } from '../parts/convolutional.ts';
import type { SeparableLayerOptions } from '../parts/separable-layer.ts';
import { separableLayer, separableTakes } from '../parts/separable-layer.ts';

export type SeparableConv1dOptions = SeparableLayerOptions;

type SeparableConv1d = <N extends number>(
  filters: N,
  kernelSize: PerAxis,
  options?: SeparableConv1dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid1d<S, N>, 'float32'>>;

/**
 * activation(separableConv(x, depthwiseKernel, pointwiseKernel) + bias): [B, length, channels] →
 * [B, places, filters]. Parameters: `depthwiseKernel` [size, channels, depthMultiplier], `pointwiseKernel`
 * [1, channels · depthMultiplier, filters], `bias` [filters].
 */
export const separableConv1d: LayerKind<SeparableConv1d> = defineLayer(
  'separableConv1d',
  (filters: number, kernelSize: PerAxis, options: SeparableConv1dOptions = {}) =>
    separableLayer('separableConv1d', 1, filters, kernelSize, options),
  {
    ...separableTakes(1),
    examples: [
      { of: [4, 2], on: [[7, 3]] },
      { of: [2, 3, { depthMultiplier: 2, padding: 'same' }], on: [[7, 3]] },
    ],
  },
);
