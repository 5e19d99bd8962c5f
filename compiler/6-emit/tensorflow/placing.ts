/** Tensors laid into a larger one, in TensorFlow's ops. */
import type { Shape } from '../../ir/dim.ts';
import { sameShape } from '../../ir/dim.ts';
import type { TensorType } from '../../ir/node.ts';
import type { Movement } from '../../op/card.ts';
import type { TfBuilder, TfTensor } from '../../op/tensorflow.ts';

type Place = Extract<Movement, { readonly as: 'place' }>;

/** `fill`, with each tensor laid where the movement says. */
export function placed(
  tf: TfBuilder,
  inputs: readonly TfTensor[],
  { fill, starts, steps }: Place,
  { dtype, shape }: TensorType,
): TfTensor {
  const there = inputs.flatMap((input, k) => (input.shape.includes(0) ? [] : [k]));
  if (there.length === 0) return tf.stretch(tf.constant(fill, dtype), shape);
  const parts = there.map((k) => spaced(tf, inputs[k]!, steps?.[k] ?? shape.map(() => 1), fill));
  const before = starts[there[0]!]!;
  const whole = joined(
    tf,
    parts,
    there.map((k) => starts[k]!),
  );
  const after = shape.map((size, axis) => margin(size, whole.shape[axis]!, before[axis]!));
  const result = padded(tf, whole, before, after, fill, shape);
  if (!sameShape(result.shape, shape))
    throw new Error(`internal: laid out [${result.shape}], not [${shape}]`);
  return result;
}

/** What is free behind the last element; along an axis of unknown size nothing is. */
function margin(size: Shape[number], extent: Shape[number], before: number): number {
  return typeof size === 'number' && typeof extent === 'number' ? size - extent - before : 0;
}

/** End to end along the one axis on which they start at different places. */
function joined(tf: TfBuilder, parts: readonly TfTensor[], starts: readonly (readonly number[])[]): TfTensor {
  const [first] = parts as readonly [TfTensor, ...TfTensor[]];
  if (parts.length === 1) return first;
  const [from, to] = [starts[0]!, starts.at(-1)!];
  const apart = first.shape.flatMap((_, axis) => (from[axis] === to[axis] ? [] : [axis]));
  const axis = apart[0]!;
  let end = from[axis]!;
  const isRow = parts.every(({ shape }, k) => {
    const isNext = starts[k]![axis] === end;
    end += Number(shape[axis]);
    return isNext;
  });
  if (apart.length !== 1 || !isRow) throw new Error('internal: tensors are laid out in no row');
  const { dtype } = first;
  const shape = first.shape.with(axis, end - from[axis]!);
  const attributes = { N: parts.length, T: { type: dtype }, Tidx: { type: 'int32' } } as const;
  return tf.op('ConcatV2', [...parts, tf.constant(axis, 'int32')], attributes, { dtype, shape });
}

/** x with its elements `steps` apart, and `fill` between them. */
function spaced(tf: TfBuilder, x: TfTensor, steps: readonly number[], fill: number): TfTensor {
  let tensor = x;
  steps.forEach((step, axis) => {
    const size = tensor.shape[axis]!;
    if (step === 1 || typeof size !== 'number' || size < 2) return;
    const [front, back] = [tensor.shape.slice(0, axis), tensor.shape.slice(axis + 1)];
    const split = tf.reshape(tensor, [...front, size, 1, ...back]);
    const none = split.shape.map(() => 0);
    const wide = padded(tf, split, none, none.with(axis + 1, step - 1), fill, [
      ...front,
      size,
      step,
      ...back,
    ]);
    const long = tf.reshape(wide, [...front, size * step, ...back]);
    tensor = shortened(tf, long, axis, (size - 1) * step + 1);
  });
  return tensor;
}

/** The first `count` elements along one axis. */
function shortened(tf: TfBuilder, x: TfTensor, axis: number, count: number): TfTensor {
  const list = (value: number): TfTensor =>
    tf.constant(
      x.shape.map((_, at) => (at === axis ? count : value)),
      'int32',
    );
  const attributes = { T: { type: x.dtype }, Index: { type: 'int32' } } as const;
  const begin = tf.constant(
    x.shape.map(() => 0),
    'int32',
  );
  const shape = x.shape.map((size, at) => (at === axis ? count : size));
  return tf.op('Slice', [x, begin, list(-1)], attributes, { dtype: x.dtype, shape });
}

function padded(
  tf: TfBuilder,
  x: TfTensor,
  before: readonly number[],
  after: readonly number[],
  fill: number,
  shape: Shape,
): TfTensor {
  if ([...before, ...after].every((count) => count === 0)) return x;
  const counts = tf.constant(
    before.flatMap((count, axis) => [count, after[axis]!]),
    'int32',
    [before.length, 2],
  );
  const { dtype } = x;
  const attributes = { T: { type: dtype }, Tpaddings: { type: 'int32' } } as const;
  return tf.op('PadV2', [x, counts, tf.constant(fill, dtype)], attributes, { dtype, shape });
}
