/** Convolution over three spatial axes. */
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { ConvLayerOptions } from '../parts/conv-layer.ts';
import { convLayer, convTakes } from '../parts/conv-layer.ts';
import type { Slid3d } from '../parts/convolutional.ts';

export interface Conv3dOptions extends ConvLayerOptions, LayerOptions {
  /** `same` adds zeros so that each stride has its place. Default `valid`: none. */
  readonly padding?: 'valid' | 'same' | undefined;
}

type Conv3d = <N extends number>(
  filters: N,
  kernelSize: PerAxis,
  options?: Conv3dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid3d<S, N>, 'float32'>>;

/**
 * activation(conv(x, kernel) + bias): [B, depth, height, width, channels] → [B, planes, rows, columns, filters]. Parameters: `kernel`
 * [depth, height, width, channels / groups, filters], `bias` [filters].
 */
export const conv3d: LayerKind<Conv3d> = defineLayer(
  'conv3d',
  (filters: number, kernelSize: PerAxis, options: Conv3dOptions = {}) =>
    convLayer('conv3d', 3, filters, kernelSize, options),
  {
    ...convTakes(3),
    examples: [
      { of: [4, 2], on: [[4, 3, 5, 2]] },
      { of: [2, 3, { strides: 2, padding: 'same', useBias: false }], on: [[4, 3, 5, 2]] },
    ],
  },
);
