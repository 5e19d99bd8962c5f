/** Layers that spread their input out with a kernel: conv1dTranspose, conv2dTranspose and conv3dTranspose. */
import { count, initializer, oneOf, orNull, perAxis } from '../../../compiler/op/checks.ts';
import type { LayerDefinition } from '../../../compiler/op/define/define-layer.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { param } from '../../../compiler/op/leaf.ts';
import { glorotUniform } from '../../initializers/glorotUniform.ts';
import { convTranspose } from '../../ops/convolution/convTranspose.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { ConvParams } from './conv-layer.ts';
import type { FinishOptions } from './convolutional.ts';
import { biasOf, channelsOf, countsOf, finishChecks, finished } from './convolutional.ts';

export interface ConvTransposeLayerOptions extends FinishOptions {
  /** From one element of the input to the next in the result. Default 1. */
  readonly strides?: PerAxis | undefined;
  /** `same` gives each element of the input as many places as the stride. Default `valid`: all that the kernel reaches. */
  readonly padding?: 'valid' | 'same' | undefined;
  /** Places to add at the end. Default: as many as the padding asks for. */
  readonly outputPadding?: PerAxis | 0 | null | undefined;
  /** From one element of the kernel to the next. Default 1. */
  readonly dilationRate?: PerAxis | undefined;
  /** Default `glorotUniform()`. */
  readonly kernelInitializer?: Initializer | undefined;
}

/** What a transposed convolution of `rank` axes takes. */
export const convTransposeTakes = (rank: number) => ({
  arguments: { filters: count, kernelSize: perAxis(rank) },
  options: {
    ...finishChecks,
    strides: perAxis(rank),
    padding: oneOf('valid', 'same'),
    outputPadding: orNull(perAxis(rank, 0)),
    dilationRate: perAxis(rank),
    kernelInitializer: initializer,
  },
});

export function convTransposeLayer(
  kind: string,
  rank: number,
  filters: number,
  kernelSize: PerAxis,
  options: ConvTransposeLayerOptions,
): LayerDefinition<ConvParams> {
  const { strides = 1, padding = 'valid', outputPadding = null, dilationRate = 1 } = options;
  const taps = countsOf(kernelSize, rank);
  const spreading = {
    strides: countsOf(strides, rank),
    dilationRate: countsOf(dilationRate, rank),
    outputPadding: outputPadding === null ? null : countsOf(outputPadding, rank),
    padding,
  };
  const { kernelInitializer = glorotUniform() } = options;
  return {
    build: (x) => {
      const shape = [...taps, filters, channelsOf(kind, x, rank)];
      return { kernel: param(shape, { initializer: kernelInitializer }), ...biasOf(filters, options) };
    },
    call: ({ kernel, bias }, x) => finished(convTranspose(x, kernel, spreading), bias, options),
  };
}
