/** Gathering and scattering by index, in TensorFlow's ops: an index outside is taken as the nearest inside. */
import type { Dim } from '../../compiler/ir/dim.ts';
import { product } from '../../compiler/ir/dim.ts';
import type { Attribute, TensorType } from '../../compiler/op/card.ts';
import type { TfBuilder, TfTensor } from '../../compiler/op/tensorflow.ts';

const indexed = { Tindices: { type: 'int32' } } as const;

/** TensorFlow stops at an index outside, or gives zeros for it, according to the device. */
function inside(tf: TfBuilder, indices: TfTensor, size: Dim): TfTensor {
  const last = tf.map('Sub', tf.size(size), 1);
  return tf.map('Maximum', tf.map('Minimum', indices, last), 0);
}

const counted = (axis: Attribute | undefined, rank: number): number =>
  Number(axis) < 0 ? Number(axis) + rank : Number(axis);

export function gatherIn(
  tf: TfBuilder,
  x: TfTensor,
  indices: TfTensor,
  given: Attribute | undefined,
  { dtype, shape }: TensorType,
): TfTensor {
  const axis = counted(given, x.shape.length);
  return tf.op(
    'GatherV2',
    [x, inside(tf, indices, x.shape[axis]!), tf.constant(axis, 'int32')],
    { Tparams: { type: dtype }, ...indexed, Taxis: { type: 'int32' }, batch_dims: 0 },
    { dtype, shape },
  );
}

/** TensorFlow sums rows; the axis is brought to the front for that, and back. */
export function scatterAddIn(
  tf: TfBuilder,
  indices: TfTensor,
  updates: TfTensor,
  given: Attribute | undefined,
  { dtype, shape }: TensorType,
): TfTensor {
  const axis = counted(given, shape.length);
  const depth = indices.shape.length;
  const own = updates.shape.map((_, at) => at);
  const numbered = own.slice(axis, axis + depth);
  const others = own.filter((at) => !numbered.includes(at));
  const rest = others.map((at) => updates.shape[at]!);
  const count = product(indices.shape);
  const rows = tf.reshape(tf.transpose(updates, [...numbered, ...others]), [count, ...rest]);
  const numbers = tf.reshape(inside(tf, indices, shape[axis]!), [count]);
  const sums = tf.op(
    'UnsortedSegmentSum',
    [rows, numbers, tf.size(shape[axis]!)],
    { T: { type: dtype }, ...indexed, Tnumsegments: { type: 'int32' } },
    { dtype, shape: [shape[axis]!, ...rest] },
  );
  const order = shape.map((_, at) => (at === axis ? 0 : at < axis ? at + 1 : at));
  return tf.transpose(sums, order);
}
