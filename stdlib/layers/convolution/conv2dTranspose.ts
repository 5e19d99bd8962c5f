/** Transposed convolution over two spatial axes. */
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { ConvTransposeLayerOptions } from '../parts/conv-transpose-layer.ts';
import { convTransposeLayer, convTransposeTakes } from '../parts/conv-transpose-layer.ts';
import type { Slid2d } from '../parts/convolutional.ts';

export type Conv2dTransposeOptions = ConvTransposeLayerOptions;

type Conv2dTranspose = <N extends number>(
  filters: N,
  kernelSize: PerAxis,
  options?: Conv2dTransposeOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid2d<S, N>, 'float32'>>;

/**
 * activation(convTranspose(x, kernel) + bias): [B, height, width, channels] → [B, rows, columns, filters].
 * Parameters: `kernel` [height, width, filters, channels], `bias` [filters].
 */
export const conv2dTranspose: LayerKind<Conv2dTranspose> = defineLayer(
  'conv2dTranspose',
  (filters: number, kernelSize: PerAxis, options: Conv2dTransposeOptions = {}) =>
    convTransposeLayer('conv2dTranspose', 2, filters, kernelSize, options),
  {
    ...convTransposeTakes(2),
    examples: [
      { of: [4, 2], on: [[5, 6, 3]] },
      { of: [2, 3, { strides: 2, padding: 'same' }], on: [[5, 6, 3]] },
    ],
  },
);
