/** Convolution of each channel on its own, over one spatial axis. */
import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { Slid1d } from '../parts/convolutional.ts';
import type { DepthwiseLayerOptions } from '../parts/depthwise-layer.ts';
import { depthwiseLayer, depthwiseTakes } from '../parts/depthwise-layer.ts';

export type DepthwiseConv1dOptions = DepthwiseLayerOptions;

type DepthwiseConv1d = (
  kernelSize: PerAxis,
  options?: DepthwiseConv1dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid1d<S, number>, 'float32'>>;

/**
 * activation(depthwiseConv(x, kernel) + bias): [B, length, channels] → [B, places, channels · depthMultiplier].
 * Parameters: `kernel` [size, channels, depthMultiplier], `bias` [channels · depthMultiplier].
 */
export const depthwiseConv1d: LayerKind<DepthwiseConv1d> = defineLayer(
  'depthwiseConv1d',
  (kernelSize: PerAxis, options: DepthwiseConv1dOptions = {}) =>
    depthwiseLayer('depthwiseConv1d', 1, kernelSize, options),
  {
    ...depthwiseTakes(1),
    examples: [
      { of: [2], on: [[7, 3]] },
      { of: [3, { depthMultiplier: 2, padding: 'same' }], on: [[7, 3]] },
    ],
  },
);
