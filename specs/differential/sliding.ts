/** Arguments for ops that slide: windows, convolutions and what brings their gradients back. */
import type { Node } from '../../compiler/ir/node.ts';
import { typeOf } from '../../compiler/ir/node.ts';
import { any } from '../../compiler/op/accepts.ts';
import type { Dim, Shape } from '../../dsl/tensor.ts';
import { convolve } from '../../stdlib/ops/convolution/parts/convolve.ts';
import { windows } from '../../stdlib/ops/windows/windows.ts';
import type { Choices } from './choices.ts';
import type { Growth } from './growth.ts';
import type { Arguments } from './particular.ts';

interface Slide {
  readonly size: number[];
  readonly strides: number[];
  readonly dilation: number[];
}

/** Windows that fit into the given lengths. */
function slideOver(lengths: readonly number[], choices: Choices): Slide {
  const axes = lengths.map((length) => {
    const size = 1 + choices.below(Math.min(3, length));
    const roomy = size > 1 && (size - 1) * 2 < length;
    return { size, stride: 1 + choices.below(2), dilation: roomy ? 1 + choices.below(2) : 1 };
  });
  return {
    size: axes.map(({ size }) => size),
    strides: axes.map(({ stride }) => stride),
    dilation: axes.map(({ dilation }) => dilation),
  };
}

const isSlidable = ({ type }: Node): boolean =>
  type!.shape.length > 1 && type!.shape.slice(1).every((size) => typeof size === 'number' && size > 0);

/** The spatial axes of x, one or two. */
function spatialOf(shape: Shape, choices: Choices, rest: number): number[] {
  const most = Math.min(2, shape.length - 1 - rest);
  return shape.slice(1, 2 + choices.below(most)) as number[];
}

function convolution(
  growth: Growth,
  choices: Choices,
): { x: Node; kernel: Node; options: object; taps: number[] } {
  const batch: Dim = choices.below(2) === 1 ? 'B' : 2;
  const groups = 1 + choices.below(2);
  const lengths = choices.below(2) === 1 ? [4, 3] : [5];
  const channels = groups * (1 + choices.below(2));
  const { size, strides, dilation } = slideOver(lengths, choices);
  const filters = groups * (1 + choices.below(3));
  const x = growth.exactly('float32', [batch, ...lengths, channels], choices);
  const kernel = growth.exactly('float32', [...size, channels / groups, filters], choices);
  const padding = lengths.map(() => [choices.below(3), choices.below(2)]);
  const inputDilation = lengths.map(() => (choices.once(4) ? 2 : 1));
  return {
    x,
    kernel,
    taps: size,
    options: { strides, padding, inputDilation, kernelDilation: dilation, groups },
  };
}

export const sliding: Readonly<Record<string, Arguments>> = {
  windows: (_, growth, choices) => {
    const x = growth.operand(any, choices, isSlidable);
    if (!isSlidable(x)) return undefined;
    return [x, slideOver(spatialOf(typeOf(x).shape, choices, 0), choices)];
  },
  overlapAdd: (_, growth, choices) => {
    const whole = growth.operand({ accepts: ['float32'] }, choices, isSlidable);
    if (!isSlidable(whole)) return undefined;
    const lengths = spatialOf(typeOf(whole).shape, choices, 0);
    const { size, strides, dilation } = slideOver(lengths, choices);
    const { shape } = windows(whole, { size, strides, dilation });
    return [growth.exactly('float32', shape, choices), { lengths, strides, dilation }];
  },
  convolve: (_, growth, choices) => {
    const { x, kernel, options } = convolution(growth, choices);
    return [x, kernel, options];
  },
  convolveKernelGradient: (_, growth, choices) => {
    const { x, kernel, options, taps } = convolution(growth, choices);
    const { shape } = convolve(x, kernel, options);
    return [x, growth.exactly('float32', shape, choices), { taps, ...options }];
  },
};
