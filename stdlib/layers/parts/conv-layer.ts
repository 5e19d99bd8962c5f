/** Layers that slide one kernel over their input: conv1d, conv2d and conv3d. */
import type { LayerDefinition } from '../../../compiler/op/define-layer.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { param } from '../../../compiler/op/leaf.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { glorotUniform } from '../../initializers/glorotUniform.ts';
import { conv } from '../../ops/convolution/conv.ts';
import type { Padding, PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import { checkCount } from './check-arguments.ts';
import type { FinishOptions } from './convolutional.ts';
import { biasOf, channelsOf, checkGroups, checkPadding, countsOf, finished } from './convolutional.ts';

export interface ConvLayerOptions extends FinishOptions {
  /** From one place of the kernel to the next. Default 1. */
  readonly strides?: PerAxis;
  /** `same` adds zeros so that each stride has its place. Default `valid`: none. */
  readonly padding?: Padding;
  /** From one element of the kernel to the next. Default 1. Only one of strides and this may be more than 1. */
  readonly dilationRate?: PerAxis;
  /** Parts that channels and filters fall into, each convolved on its own. Default 1. */
  readonly groups?: number;
  /** Default `glorotUniform()`. */
  readonly kernelInitializer?: Initializer;
}

export interface ConvParams {
  readonly kernel: Tensor;
  readonly bias?: Tensor;
}

export function convLayer(
  kind: string,
  rank: number,
  filters: number,
  kernelSize: PerAxis,
  options: ConvLayerOptions,
): LayerDefinition<ConvParams> {
  const { strides = 1, padding = 'valid', dilationRate = 1, groups = 1 } = options;
  checkCount(kind, 'a number of filters', filters);
  checkGroups(kind, 'filters', filters, groups);
  checkPadding(kind, padding, rank === 1 ? ['valid', 'same', 'causal'] : ['valid', 'same']);
  const taps = countsOf(kind, 'a kernel size', kernelSize, rank);
  const sliding = {
    strides: countsOf(kind, 'strides', strides, rank),
    dilationRate: countsOf(kind, 'a dilation rate', dilationRate, rank),
    padding,
    groups,
  };
  const { kernelInitializer = glorotUniform() } = options;
  return {
    build: (x) => {
      const channels = channelsOf(kind, x, rank);
      checkGroups(kind, 'channels', channels, groups);
      const shape = [...taps, channels / groups, filters];
      return { kernel: param(shape, { initializer: kernelInitializer }), ...biasOf(filters, options) };
    },
    call: ({ kernel, bias }, x) => finished(conv(x, kernel, sliding), bias, options),
  };
}
