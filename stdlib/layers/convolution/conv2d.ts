/** Convolution over two spatial axes. */
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { ConvLayerOptions } from '../parts/conv-layer.ts';
import { convLayer, convTakes } from '../parts/conv-layer.ts';
import type { Slid2d } from '../parts/convolutional.ts';

export interface Conv2dOptions extends ConvLayerOptions, LayerOptions {
  /** `same` adds zeros so that each stride has its place. Default `valid`: none. */
  readonly padding?: 'valid' | 'same' | undefined;
}

type Conv2d = <N extends number>(
  filters: N,
  kernelSize: PerAxis,
  options?: Conv2dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid2d<S, N>, 'float32'>>;

/**
 * activation(conv(x, kernel) + bias): [B, height, width, channels] → [B, rows, columns, filters]. Parameters: `kernel`
 * [height, width, channels / groups, filters], `bias` [filters].
 */
export const conv2d: LayerKind<Conv2d> = defineLayer(
  'conv2d',
  (filters: number, kernelSize: PerAxis, options: Conv2dOptions = {}) =>
    convLayer('conv2d', 2, filters, kernelSize, options),
  {
    ...convTakes(2),
    examples: [
      { of: [4, 2], on: [[5, 6, 3]] },
      { of: [2, 3, { strides: 2, padding: 'same', useBias: false }], on: [[5, 6, 3]] },
    ],
  },
);
