/** What convolutions as users call them have in common: Keras's options, turned into how a kernel slides. */
import { ARG102 } from '../../../../compiler/diagnostics/argument.ts';
import { nodeOf, typeOf } from '../../../../compiler/ir/node.ts';
import { TypeMismatch } from '../../../../compiler/op/mismatch.ts';
import * as option from '../../../../compiler/op/options.ts';
import type { Tensor } from '../../../../dsl/tensor.ts';
import type { Padding, PerAxis } from '../../windows/parts/sliding-options.ts';
import { eachAxis, paddingFor, perAxis } from '../../windows/parts/sliding-options.ts';
import { spatialSizes } from '../../windows/windows.ts';
import type { ConvolveOptions } from './geometry.ts';

/** @public */
export interface SlidingOptions {
  /** From one place of the kernel to the next. Default 1. */
  readonly strides?: PerAxis | undefined;
  /** `same` keeps the sizes at stride 1, `causal` too, seeing only what came before; default `valid`: no margins. */
  readonly padding?: Padding | undefined;
  /** From one element of the kernel to the next. Default 1. Only one of strides and this may be more than 1. */
  readonly dilationRate?: PerAxis | undefined;
}

/** The options with nothing left out. */
export type Sliding = option.Settled<SlidingOptions>;

export const slidingOptions = {
  strides: perAxis(1),
  padding: option.oneOf('valid', 'same', 'causal')('valid'),
  dilationRate: perAxis(1),
};

/** Whether x and the kernel have the axes of a convolution; where not, the primitive says what is wrong. */
export function haveAxes(x: Tensor, kernel: Tensor): boolean {
  return x.shape.length >= 3 && kernel.shape.length === x.shape.length;
}

/** How a kernel of `taps` slides over x. */
export function slidingOver(
  x: Tensor,
  taps: readonly number[],
  options: Sliding,
  op: string,
): Required<Pick<ConvolveOptions, 'strides' | 'padding' | 'kernelDilation'>> {
  const lengths = spatialSizes(typeOf(nodeOf(x)), taps.length, op);
  const strides = eachAxis(options.strides, taps.length, 'strides', op);
  const kernelDilation = eachAxis(options.dilationRate, taps.length, 'dilationRate', op);
  if (strides.some((stride) => stride > 1) && kernelDilation.some((rate) => rate > 1)) {
    throw new TypeMismatch({
      code: ARG102,
      message: `${op} cannot have strides and a dilation rate above 1 at once`,
      expected: 'strides of 1, or a dilation rate of 1',
      received: `strides ${strides.join(', ')} and dilationRate ${kernelDilation.join(', ')}`,
    });
  }
  return {
    strides,
    kernelDilation,
    padding: paddingFor(options.padding, lengths, taps, strides, kernelDilation),
  };
}
