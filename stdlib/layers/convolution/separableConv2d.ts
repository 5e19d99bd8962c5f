/** Convolution of each channel, then a mixture of the channels, over two spatial axes. */
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { Slid2d } from '../parts/convolutional.ts';
import type { SeparableLayerOptions } from '../parts/separable-layer.ts';
import { separableLayer, separableTakes } from '../parts/separable-layer.ts';

export type SeparableConv2dOptions = SeparableLayerOptions;

type SeparableConv2d = <N extends number>(
  filters: N,
  kernelSize: PerAxis,
  options?: SeparableConv2dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid2d<S, N>, 'float32'>>;

/**
 * activation(separableConv(x, depthwiseKernel, pointwiseKernel) + bias): [B, height, width, channels] →
 * [B, rows, columns, filters]. Parameters: `depthwiseKernel` [height, width, channels, depthMultiplier], `pointwiseKernel`
 * [1, 1, channels · depthMultiplier, filters], `bias` [filters].
 */
export const separableConv2d: LayerKind<SeparableConv2d> = defineLayer(
  'separableConv2d',
  (filters: number, kernelSize: PerAxis, options: SeparableConv2dOptions = {}) =>
    separableLayer('separableConv2d', 2, filters, kernelSize, options),
  {
    ...separableTakes(2),
    examples: [
      { of: [4, 2], on: [[5, 6, 3]] },
      { of: [2, 3, { depthMultiplier: 2, padding: 'same' }], on: [[5, 6, 3]] },
    ],
  },
);
