/** Convolution of each channel on its own, over two spatial axes. */
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { Slid2d } from '../parts/convolutional.ts';
import type { DepthwiseLayerOptions } from '../parts/depthwise-layer.ts';
import { depthwiseLayer, depthwiseTakes } from '../parts/depthwise-layer.ts';

export type DepthwiseConv2dOptions = DepthwiseLayerOptions;

type DepthwiseConv2d = (
  kernelSize: PerAxis,
  options?: DepthwiseConv2dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid2d<S, number>, 'float32'>>;

/**
 * activation(depthwiseConv(x, kernel) + bias): [B, height, width, channels] → [B, rows, columns, channels · depthMultiplier].
 * Parameters: `kernel` [height, width, channels, depthMultiplier], `bias` [channels · depthMultiplier].
 */
export const depthwiseConv2d: LayerKind<DepthwiseConv2d> = defineLayer(
  'depthwiseConv2d',
  (kernelSize: PerAxis, options: DepthwiseConv2dOptions = {}) =>
    depthwiseLayer('depthwiseConv2d', 2, kernelSize, options),
  {
    ...depthwiseTakes(2),
    examples: [
      { of: [2], on: [[5, 6, 3]] },
      { of: [3, { depthMultiplier: 2, padding: 'same' }], on: [[5, 6, 3]] },
    ],
  },
);
