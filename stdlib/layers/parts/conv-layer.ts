/** Layers that slide one kernel over their input: conv1d, conv2d and conv3d. */
import { count, initializer, oneOf, perAxis } from '../../../compiler/op/checks.ts';
import type { LayerDefinition } from '../../../compiler/op/define/define-layer.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { param } from '../../../compiler/op/leaf.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { glorotUniform } from '../../initializers/glorotUniform.ts';
import { conv } from '../../ops/convolution/conv.ts';
import type { Padding, PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { FinishOptions } from './convolutional.ts';
import {
  biasOf,
  channelsOf,
  checkGroups,
  countsOf,
  finishChecks,
  finished,
  slidingOf,
} from './convolutional.ts';

export interface ConvLayerOptions extends FinishOptions {
  /** From one place of the kernel to the next. Default 1. */
  readonly strides?: PerAxis | undefined;
  /** `same` adds zeros so that each stride has its place. Default `valid`: none. */
  readonly padding?: Padding | undefined;
  /** From one element of the kernel to the next. Default 1. Only one of strides and this may be more than 1. */
  readonly dilationRate?: PerAxis | undefined;
  /** Parts that channels and filters fall into, each convolved on its own. Default 1. */
  readonly groups?: number | undefined;
  /** Default `glorotUniform()`. */
  readonly kernelInitializer?: Initializer | undefined;
}

export interface ConvParams {
  readonly kernel: Tensor;
  readonly bias?: Tensor;
}

/** What a convolutional layer of `rank` axes takes. */
export const convTakes = (rank: number) => ({
  arguments: { filters: count, kernelSize: perAxis(rank) },
  options: {
    ...finishChecks,
    strides: perAxis(rank),
    padding: rank === 1 ? oneOf('valid', 'same', 'causal') : oneOf('valid', 'same'),
    dilationRate: perAxis(rank),
    groups: count,
    kernelInitializer: initializer,
  },
});

export function convLayer(
  kind: string,
  rank: number,
  filters: number,
  kernelSize: PerAxis,
  options: ConvLayerOptions,
): LayerDefinition<ConvParams> {
  const { groups = 1 } = options;
  checkGroups(kind, 'filters', filters, groups);
  const taps = countsOf(kernelSize, rank);
  const sliding = { ...slidingOf(options, rank), groups };
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
