/** Layers that convolve each channel on its own: depthwiseConv1d and depthwiseConv2d. */
import { count, initializer, oneOf, perAxis } from '../../../compiler/op/checks.ts';
import type { LayerDefinition } from '../../../compiler/op/define/define-layer.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { param } from '../../../compiler/op/leaf.ts';
import { glorotUniform } from '../../initializers/glorotUniform.ts';
import { depthwiseConv } from '../../ops/convolution/depthwiseConv.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { ConvParams } from './conv-layer.ts';
import type { FinishOptions } from './convolutional.ts';
import { biasOf, channelsOf, countsOf, finishChecks, finished, slidingOf } from './convolutional.ts';

export interface DepthwiseLayerOptions extends FinishOptions {
  /** From one place of the kernel to the next. Default 1. */
  readonly strides?: PerAxis | undefined;
  /** `same` adds zeros so that each stride has its place. Default `valid`: none. */
  readonly padding?: 'valid' | 'same' | undefined;
  /** Results for each channel. Default 1. */
  readonly depthMultiplier?: number | undefined;
  /** From one element of the kernel to the next. Default 1. Only one of strides and this may be more than 1. */
  readonly dilationRate?: PerAxis | undefined;
  /** Default `glorotUniform()`. */
  readonly depthwiseInitializer?: Initializer | undefined;
}

/** What a depthwise convolution of `rank` axes takes. */
export const depthwiseTakes = (rank: number) => ({
  arguments: { kernelSize: perAxis(rank) },
  options: {
    ...finishChecks,
    strides: perAxis(rank),
    padding: oneOf('valid', 'same'),
    depthMultiplier: count,
    dilationRate: perAxis(rank),
    depthwiseInitializer: initializer,
  },
});

export function depthwiseLayer(
  kind: string,
  rank: number,
  kernelSize: PerAxis,
  options: DepthwiseLayerOptions,
): LayerDefinition<ConvParams> {
  const { depthMultiplier = 1 } = options;
  const taps = countsOf(kernelSize, rank);
  const sliding = slidingOf(options, rank);
  const { depthwiseInitializer = glorotUniform() } = options;
  return {
    build: (x) => {
      const channels = channelsOf(kind, x, rank);
      const shape = [...taps, channels, depthMultiplier];
      return {
        kernel: param(shape, { initializer: depthwiseInitializer }),
        ...biasOf(channels * depthMultiplier, options),
      };
    },
    call: ({ kernel, bias }, x) => finished(depthwiseConv(x, kernel, sliding), bias, options),
  };
}
