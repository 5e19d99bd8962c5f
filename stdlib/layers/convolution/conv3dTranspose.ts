/** Transposed convolution over three spatial axes. */
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { ConvTransposeLayerOptions } from '../parts/conv-transpose-layer.ts';
import { convTransposeLayer, convTransposeTakes } from '../parts/conv-transpose-layer.ts';
import type { Slid3d } from '../parts/convolutional.ts';

export type Conv3dTransposeOptions = ConvTransposeLayerOptions;

type Conv3dTranspose = <N extends number>(
  filters: N,
  kernelSize: PerAxis,
  options?: Conv3dTransposeOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid3d<S, N>, 'float32'>>;

/**
 * activation(convTranspose(x, kernel) + bias): [B, depth, height, width, channels] → [B, planes, rows, columns, filters].
 * Parameters: `kernel` [depth, height, width, filters, channels], `bias` [filters].
 */
export const conv3dTranspose: LayerKind<Conv3dTranspose> = defineLayer(
  'conv3dTranspose',
  (filters: number, kernelSize: PerAxis, options: Conv3dTransposeOptions = {}) =>
    convTransposeLayer('conv3dTranspose', 3, filters, kernelSize, options),
  {
    ...convTransposeTakes(3),
    examples: [
      { of: [4, 2], on: [[4, 3, 5, 2]] },
      { of: [2, 3, { strides: 2, padding: 'same' }], on: [[4, 3, 5, 2]] },
    ],
  },
);
