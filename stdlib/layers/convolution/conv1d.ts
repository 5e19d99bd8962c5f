/** Convolution over one spatial axis. */
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { ConvLayerOptions } from '../parts/conv-layer.ts';
import { convLayer, convTakes } from '../parts/conv-layer.ts';
import type { Slid1d } from '../parts/convolutional.ts';

export interface Conv1dOptions extends ConvLayerOptions, LayerOptions {
  /** `same` adds zeros so that each stride has its place; `causal` adds them in front. Default `valid`: none. */
  readonly padding?: 'valid' | 'same' | 'causal' | undefined;
}

type Conv1d = <N extends number>(
  filters: N,
  kernelSize: PerAxis,
  options?: Conv1dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid1d<S, N>, 'float32'>>;

/**
 * activation(conv(x, kernel) + bias): [B, length, channels] → [B, places, filters]. Parameters: `kernel`
 * [size, channels / groups, filters], `bias` [filters].
 */
export const conv1d: LayerKind<Conv1d> = defineLayer(
  'conv1d',
  (filters: number, kernelSize: PerAxis, options: Conv1dOptions = {}) =>
    convLayer('conv1d', 1, filters, kernelSize, options),
  {
    ...convTakes(1),
    examples: [
      { of: [4, 2], on: [[7, 3]] },
      { of: [2, 3, { strides: 2, padding: 'same', useBias: false }], on: [[7, 3]] },
    ],
  },
);
