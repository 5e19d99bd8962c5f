/** Layers that convolve each channel and then mix them: separableConv1d and separableConv2d. */
import { count, initializer, oneOf, perAxis } from '../../../compiler/op/checks.ts';
import type { LayerDefinition } from '../../../compiler/op/define/define-layer.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { param } from '../../../compiler/op/leaf.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { glorotUniform } from '../../initializers/glorotUniform.ts';
import { separableConv } from '../../ops/convolution/separableConv.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { FinishOptions } from './convolutional.ts';
import { biasOf, channelsOf, countsOf, finishChecks, finished } from './convolutional.ts';

export interface SeparableLayerOptions extends FinishOptions {
  /** From one place of the kernel to the next. Default 1. */
  readonly strides?: PerAxis | undefined;
  /** `same` adds zeros so that each stride has its place. Default `valid`: none. */
  readonly padding?: 'valid' | 'same' | undefined;
  /** From one element of the kernel to the next. Default 1. Only one of strides and this may be more than 1. */
  readonly dilationRate?: PerAxis | undefined;
  /** Results for each channel, before they are mixed. Default 1. */
  readonly depthMultiplier?: number | undefined;
  /** Default `glorotUniform()`. */
  readonly depthwiseInitializer?: Initializer | undefined;
  /** Default `glorotUniform()`. */
  readonly pointwiseInitializer?: Initializer | undefined;
}

export interface SeparableParams {
  readonly depthwiseKernel: Tensor;
  readonly pointwiseKernel: Tensor;
  readonly bias?: Tensor;
}

/** What a separable convolution of `rank` axes takes. */
export const separableTakes = (rank: number) => ({
  arguments: { filters: count, kernelSize: perAxis(rank) },
  options: {
    ...finishChecks,
    strides: perAxis(rank),
    padding: oneOf('valid', 'same'),
    dilationRate: perAxis(rank),
    depthMultiplier: count,
    depthwiseInitializer: initializer,
    pointwiseInitializer: initializer,
  },
});

export function separableLayer(
  kind: string,
  rank: number,
  filters: number,
  kernelSize: PerAxis,
  options: SeparableLayerOptions,
): LayerDefinition<SeparableParams> {
  const { strides = 1, padding = 'valid', depthMultiplier = 1, dilationRate = 1 } = options;
  const taps = countsOf(kernelSize, rank);
  const sliding = {
    strides: countsOf(strides, rank),
    dilationRate: countsOf(dilationRate, rank),
    padding,
  };
  const { depthwiseInitializer = glorotUniform(), pointwiseInitializer = glorotUniform() } = options;
  return {
    build: (x) => {
      const channels = channelsOf(kind, x, rank);
      const points = [...taps.map(() => 1), channels * depthMultiplier, filters];
      return {
        depthwiseKernel: param([...taps, channels, depthMultiplier], { initializer: depthwiseInitializer }),
        pointwiseKernel: param(points, { initializer: pointwiseInitializer }),
        ...biasOf(filters, options),
      };
    },
    call: ({ depthwiseKernel, pointwiseKernel, bias }, x) =>
      finished(separableConv(x, depthwiseKernel, pointwiseKernel, sliding), bias, options),
  };
}
