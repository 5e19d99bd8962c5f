/** Convolutions along one or two spatial axes by TensorFlow's own; others, in groups or in three dimensions, it leaves. */
import type { TensorType } from '../../compiler/op/card.ts';
import type { TfAttributes, TfBuilder, TfTensor } from '../../compiler/op/tensorflow.ts';
import type { Geometry } from '../ops/convolution/parts/geometry.ts';
import { placesIn, reach } from '../ops/windows/parts/windowing.ts';

const isOne = (count: number): boolean => count === 1;

/** [B, length, channels] as an image of one row, and a kernel of one axis as one of one row. */
function asImage(tf: TfBuilder, x: TfTensor): TfTensor {
  const [batch, ...rest] = x.shape;
  return x.shape.length === 3 ? tf.reshape(x, [batch!, 1, ...rest]) : x;
}

function asFilter(tf: TfBuilder, kernel: TfTensor): TfTensor {
  return kernel.shape.length === 3 ? tf.reshape(kernel, [1, ...kernel.shape]) : kernel;
}

/** A list for two spatial axes. */
function both<T>(list: readonly T[], missing: T): readonly [T, T] {
  return list.length === 1 ? [missing, list[0]!] : [list[0]!, list[1]!];
}

/** How an op of TensorFlow's slides, or nothing where it cannot slide so. */
function sliding(
  strides: readonly number[],
  padding: readonly (readonly [number, number])[],
  dilation: readonly number[],
): TfAttributes | undefined {
  if (padding.flat().some((count) => count < 0)) return undefined;
  const margins = both(padding, [0, 0] as const);
  const isBare = padding.flat().every((count) => count === 0);
  return {
    T: { type: 'float32' },
    strides: [1, ...both(strides, 1), 1],
    dilations: [1, ...both(dilation, 1), 1],
    padding: isBare ? 'VALID' : 'EXPLICIT',
    ...(!isBare && { explicit_paddings: [0, 0, ...margins[0], ...margins[1], 0, 0] }),
    data_format: 'NHWC',
  };
}

export function convolveIn(
  tf: TfBuilder,
  x: TfTensor,
  kernel: TfTensor,
  { strides, padding, inputDilation, kernelDilation, groups }: Geometry,
  { dtype, shape }: TensorType,
): TfTensor | undefined {
  if (groups !== 1 || padding.length > 2) return undefined;
  if (!inputDilation.every(isOne)) {
    if (!strides.every(isOne) || !kernelDilation.every(isOne)) return undefined;
    return spreadOut(tf, x, kernel, padding, inputDilation, { dtype, shape });
  }
  const attributes = sliding(strides, padding, kernelDilation);
  if (!attributes) return undefined;
  const image = asImage(tf, x);
  const result = image === x ? shape : [shape[0]!, 1, ...shape.slice(1)];
  const y = tf.op('Conv2D', [image, asFilter(tf, kernel)], attributes, { dtype, shape: result });
  return tf.reshape(y, shape);
}

/**
 * Elements of x that stand apart: the adjoint of a convolution with strides. There the kernel's taps lie the other way
 * around, and its channels in and out change places.
 */
function spreadOut(
  tf: TfBuilder,
  x: TfTensor,
  kernel: TfTensor,
  padding: Geometry['padding'],
  apart: readonly number[],
  { dtype, shape }: TensorType,
): TfTensor | undefined {
  const spatial = padding.length;
  const taps = kernel.shape.slice(0, spatial) as readonly number[];
  const margins = padding.map(([before], i): [number, number] => {
    const front = taps[i]! - 1 - before;
    const needed = reach(x.shape[i + 1] as number, apart[i]!) + taps[i]! - 1;
    return [front, Math.max(0, needed - front - (shape[i + 1] as number))];
  });
  const isAdjoint = margins.every(([before, after], i) => {
    const length = (shape[i + 1] as number) + before + after;
    return placesIn(length, taps[i]!, apart[i]!) === x.shape[i + 1];
  });
  const attributes = sliding(apart, margins, [1, 1].slice(0, spatial));
  if (!isAdjoint || !attributes) return undefined;
  const axes = taps.map((_, axis) => axis);
  const turned = tf.op(
    'ReverseV2',
    [kernel, tf.constant(axes, 'int32')],
    { T: { type: dtype }, Tidx: { type: 'int32' } },
    kernel,
  );
  const filter = asFilter(tf, tf.transpose(turned, [...axes, spatial + 1, spatial]));
  const image = asImage(tf, x);
  const result = image === x ? shape : [shape[0]!, 1, ...shape.slice(1)];
  const inputs = [tf.shape(result), filter, image];
  return tf.reshape(tf.op('Conv2DBackpropInput', inputs, attributes, { dtype, shape: result }), shape);
}

/** The gradient by the kernel. */
export function kernelGradientIn(
  tf: TfBuilder,
  x: TfTensor,
  dy: TfTensor,
  { strides, padding, inputDilation, kernelDilation, groups }: Geometry,
  { dtype, shape }: TensorType,
): TfTensor | undefined {
  if (groups !== 1 || padding.length > 2) return undefined;
  // TensorFlow's gradients know no dilation on the CPU.
  if (!inputDilation.every(isOne) || !kernelDilation.every(isOne)) return undefined;
  const attributes = sliding(strides, padding, kernelDilation);
  if (!attributes) return undefined;
  const sizes = padding.length === 1 ? [1, ...shape] : shape;
  const inputs = [asImage(tf, x), tf.shape(sizes), asImage(tf, dy)];
  return tf.reshape(tf.op('Conv2DBackpropFilter', inputs, attributes, { dtype, shape: sizes }), shape);
}
