/** Layers that convolve each channel and then mix them: separableConv1d and separableConv2d. */
import { count, initializer, perAxis } from '../../../compiler/op/checks.ts';
import type { LayerDefinition } from '../../../compiler/op/define/define-layer.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { param } from '../../../compiler/op/leaf.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { glorotUniform } from '../../initializers/glorotUniform.ts';
import { separableConv } from '../../ops/convolution/separableConv.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import { biasOf, channelsOf, countsOf, finished, slidingOf } from './convolutional.ts';
import type { DepthwiseLayerOptions } from './depthwise-layer.ts';
import { depthwiseTakes } from './depthwise-layer.ts';

/** Those of the depthwise convolution that comes first, and those of the mixing. */
export interface SeparableLayerOptions extends DepthwiseLayerOptions {
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
    ...depthwiseTakes(rank).options,
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
  const { depthMultiplier = 1 } = options;
  const taps = countsOf(kernelSize, rank);
  const sliding = slidingOf(options, rank);
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
