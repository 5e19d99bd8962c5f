/** What convolutions refuse, and how they say so. */
import { describe, expect, test } from 'vitest';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { nodeOf, problemsOf } from '../../compiler/ir/node.ts';
import { input } from '../../compiler/op/leaf.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import {
  averagePool,
  conv,
  conv1d,
  conv2d,
  conv2dTranspose,
  convTranspose,
  cropping2d,
  depthwiseConv,
  depthwiseConv2d,
  maxPool,
  maxPooling2d,
  separableConv2d,
  upSampling2d,
  windows,
  zeroPadding1d,
} from '../../stdlib/index.ts';
import { overlapAdd } from '../../stdlib/ops/windows/parts/overlapAdd.ts';

const real = (...shape: (number | string)[]): Tensor => input('x', shape, 'float32');
const image = real('B', 8, 8, 3);

/** A value that a caller without types may pass. */
const untyped = (value: unknown): never => value as never;

describe('ops mark the node that cannot be, and say why', () => {
  test.each<[string, () => Tensor, string, string]>([
    [
      'other channels',
      () => conv(image, real(3, 3, 4, 5)),
      'SHP201',
      'conv cannot convolve 3 channels with a kernel for 4',
    ],
    [
      'groups that do not divide',
      () => conv(real('B', 8, 6), real(2, 3, 4), { groups: 4 }),
      'SHP201',
      '6 channels in 4 groups',
    ],
    [
      'filters that do not divide',
      () => conv(real('B', 8, 6), real(2, 3, 5), { groups: 2 }),
      'SHP201',
      'conv cannot part 5 filters among 2 groups',
    ],
    [
      'a kernel larger than the image',
      () => conv(image, real(3, 9, 3, 5)),
      'SHP201',
      'conv finds no room for its kernel along axis 2',
    ],
    [
      'a kernel that its dilation makes too large',
      () => conv(image, real(3, 3, 3, 5), { dilationRate: [1, 4] }),
      'SHP201',
      'along axis 2',
    ],
    [
      'strides and a dilation rate',
      () => conv(image, real(3, 3, 3, 5), { strides: 2, dilationRate: 2 }),
      'ARG102',
      'at once',
    ],
    ['a kernel of another rank', () => conv(image, real(3, 3, 5)), 'SHP201', 'conv needs a kernel of 4 axes'],
    [
      'no spatial axes',
      () => conv(real('B', 3), real(3, 5)),
      'SHP201',
      'conv needs a batch axis, spatial axes and channels',
    ],
    [
      'sizes that are not known',
      () => conv(real('B', 'T', 3), real(3, 3, 5)),
      'SHP207',
      'whose size T is not known',
    ],
    [
      'strides for other axes',
      () => conv(image, real(3, 3, 3, 5), { strides: [1, 1, 1] }),
      'ARG102',
      'conv needs strides for 2 spatial axes',
    ],
    [
      'an unknown padding',
      () => conv(image, real(3, 3, 3, 5), { padding: untyped('full') }),
      'ARG102',
      "padding of conv must be 'valid' or 'same' or 'causal'",
    ],
    ['a stride of 0', () => conv(image, real(3, 3, 3, 5), { strides: 0 }), 'ARG102', 'from 1 up'],
    [
      'a depthwise kernel for other channels',
      () => depthwiseConv(image, real(3, 3, 2, 1)),
      'SHP201',
      'a kernel for each of 3 channels',
    ],
    [
      'a transposed kernel for other channels',
      () => convTranspose(image, real(3, 3, 5, 4)),
      'SHP201',
      'convTranspose cannot convolve 3 channels',
    ],
    [
      'a pool larger than the image',
      () => maxPool(image, 9),
      'SHP201',
      'maxPool cannot fit a window along axis 1',
    ],
    [
      'a pool without spatial axes',
      () => averagePool(real('B', 3), 2),
      'SHP201',
      'averagePool needs a batch axis',
    ],
    [
      'windows over too few axes',
      () => windows(real('B', 3), { size: [2, 2] }),
      'SHP201',
      'windows needs 2 spatial axes',
    ],
    [
      'windows of no elements',
      () => windows(image, { size: [0, 1] }),
      'SHP201',
      'a size, a stride and a dilation',
    ],
    [
      'windows that do not fit',
      () => overlapAdd(real('B', 3, 2), { lengths: [5] }),
      'SHP201',
      'cannot lay these windows into 5',
    ],
  ])('%s', (_, make, code, message) => {
    const [problem, ...others] = problemsOf(nodeOf(make()));
    expect(others).toEqual([]);
    expect(problem?.code).toBe(code);
    expect(problem?.message).toContain(message);
  });
});

describe('layers refuse arguments and inputs', () => {
  test.each<[string, () => unknown, string]>([
    ['no filters', () => conv2d(0, 3), 'ARG101'],
    ['a kernel size for other axes', () => conv2d(4, [3, 3, 3]), 'ARG101'],
    ['a fraction of a tap', () => conv1d(4, 2.5), 'ARG101'],
    ['causal padding over an image', () => conv2d(4, 3, { padding: untyped('causal') }), 'ARG102'],
    ['filters that do not fall into groups', () => conv2d(4, 3, { groups: 3 }), 'ARG101'],
    ['channels that do not fall into groups', () => conv2d(4, 3, { groups: 2 })(image), 'ARG101'],
    ['rows in place of images', () => conv2d(4, 3)(real('B', 3)), 'SHP201'],
    ['channels that are not known', () => conv2d(4, 3)(real('B', 8, 8, 'C')), 'SHP207'],
    ['no depth multiplier', () => depthwiseConv2d(3, { depthMultiplier: 0 }), 'ARG102'],
    ['no separable filters', () => separableConv2d(0, 3), 'ARG101'],
    ['a negative output padding', () => conv2dTranspose(4, 3, { outputPadding: -1 }), 'ARG102'],
    ['a pool of nothing', () => maxPooling2d(0), 'ARG101'],
    ['a sequence in place of an image', () => maxPooling2d()(real('B', 8, 3)), 'SHP201'],
    ['margins less than nothing', () => zeroPadding1d(-1), 'ARG101'],
    ['cutting all away', () => cropping2d(4)(image), 'SHP201'],
    ['an unknown interpolation', () => upSampling2d(2, { interpolation: untyped('cubic') }), 'ARG102'],
  ])('%s', (_, make, code) => {
    expect(make).toThrow(DiagnosticError);
    expect(make).toThrow(code);
  });
});

test('a layer says what does not fit when the kernel finds no room', () => {
  const [problem] = problemsOf(nodeOf(conv2d(4, 9)(image)));
  expect(problem).toMatchObject({
    code: 'SHP201',
    expected: '9 elements or more along axis 1',
    received: '8',
  });
});
