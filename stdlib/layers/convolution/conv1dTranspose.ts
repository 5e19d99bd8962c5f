/** Transposed convolution over one spatial axis. */
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { ConvTransposeLayerOptions } from '../parts/conv-transpose-layer.ts';
import { convTransposeLayer, convTransposeTakes } from '../parts/conv-transpose-layer.ts';
import type { Slid1d } from '../parts/convolutional.ts';

export type Conv1dTransposeOptions = ConvTransposeLayerOptions;

type Conv1dTranspose = <N extends number>(
  filters: N,
  kernelSize: PerAxis,
  options?: Conv1dTransposeOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid1d<S, N>, 'float32'>>;

/**
 * activation(convTranspose(x, kernel) + bias): [B, length, channels] → [B, places, filters].
 * Parameters: `kernel` [size, filters, channels], `bias` [filters].
 */
export const conv1dTranspose: LayerKind<Conv1dTranspose> = defineLayer(
  'conv1dTranspose',
  (filters: number, kernelSize: PerAxis, options: Conv1dTransposeOptions = {}) =>
    convTransposeLayer('conv1dTranspose', 1, filters, kernelSize, options),
  {
    ...convTransposeTakes(1),
    examples: [
      { of: [4, 2], on: [[7, 3]] },
      { of: [2, 3, { strides: 2, padding: 'same' }], on: [[7, 3]] },
    ],
  },
);
