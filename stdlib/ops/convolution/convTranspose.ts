/** The convolution that undoes another's change of size: its gradient, taken forwards. */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { turned } from '../../gradients/convolution.ts';
import type { PerAxis } from '../windows/parts/sliding-options.ts';
import { eachAxis, perAxis } from '../windows/parts/sliding-options.ts';
import { reach } from '../windows/parts/windowing.ts';
import { convolve } from './parts/convolve.ts';
import { haveAxes } from './parts/sliding.ts';

export interface ConvTransposeOptions {
  /** From one element of x to the next in the result. Default 1. */
  readonly strides?: PerAxis | undefined;
  /** `same` gives each element of x as many places as the stride; default `valid`: all that the kernel reaches. */
  readonly padding?: 'valid' | 'same' | undefined;
  /** Places to add at the end, less than the stride; null, the default, for as many as the padding asks for. */
  readonly outputPadding?: PerAxis | 0 | null | undefined;
  /** From one element of the kernel to the next. Default 1. */
  readonly dilationRate?: PerAxis | undefined;
}
type ConvTranspose = (x: Tensor, kernel: Tensor, options?: ConvTransposeOptions) => Tensor<Shape, 'float32'>;

const places = option.option(
  'a whole number from 0 up, one for each spatial axis, or null',
  (value): value is PerAxis | null =>
    value === null || option.isCount(value) || option.isListOf(option.isCount)(value),
);

/** Zeros before and after the spread-out elements of x, by Keras's rule. */
function marginsOf(
  extent: number,
  stride: number,
  padding: 'valid' | 'same',
  outputPadding: number | null,
): [number, number] {
  if (padding === 'valid')
    return [extent - 1, extent - 1 + (outputPadding ?? Math.max(extent, stride) - extent)];
  const both = outputPadding === null ? stride + extent - 2 : extent + (extent % 2) - 2 + outputPadding;
  const before = Math.min(Math.ceil(both / 2), extent - 1);
  return [before, both - before];
}

/**
 * Each element of x times the whole kernel, a stride apart, added up where they meet: the gradient of `conv` for its
 * input. x: [B, …spatial, channels], kernel: [...taps, filters, channels], result: [B, …places, filters].
 */
export const convTranspose: Op<ConvTranspose> = composite({
  name: 'convTranspose',
  inputs: { x: float, kernel: float },
  options: {
    strides: perAxis(1),
    padding: option.oneOf('valid', 'same')('valid'),
    outputPadding: places(null),
    dilationRate: perAxis(1),
  },
  body: ({ x, kernel }, options) => {
    if (!haveAxes(x, kernel)) return convolve(x, kernel);
    const op = 'convTranspose';
    const taps = kernel.shape.slice(0, -2) as number[];
    const strides = eachAxis(options.strides, taps.length, 'strides', op);
    const rates = eachAxis(options.dilationRate, taps.length, 'dilationRate', op);
    const more =
      options.outputPadding === null
        ? null
        : eachAxis(options.outputPadding, taps.length, 'outputPadding', op);
    const way = options.padding;
    const padding = taps.map((count, i) =>
      marginsOf(reach(count, rates[i]!), strides[i]!, way, more?.[i] ?? null),
    );
    return convolve(x, turned(kernel, 1), { padding, inputDilation: strides, kernelDilation: rates });
  },
  domain: { x: reals(), kernel: reals() },
  examples: [
    [[[[[1], [2]]], [[[1]], [[10]], [[100]]], { strides: 2 }], [[[1], [10], [102], [20], [200]]]],
    [[[[[1], [2]]], [[[1]], [[10]], [[100]]], { strides: 2, padding: 'same' }], [[[1], [10], [102], [20]]]],
    [[[[[1], [2]]], [[[1]], [[10]]], { strides: 3, outputPadding: 0 }], [[[1], [10], [0], [2], [20]]]],
  ],
});
