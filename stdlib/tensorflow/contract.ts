/** Sums of products as TensorFlow's matrix product. */
import { product } from '../../compiler/ir/dim.ts';
import type { TensorType } from '../../compiler/op/card.ts';
import type { TfBuilder, TfTensor } from '../../compiler/op/tensorflow.ts';

/** Axes in pairs: those of the left, and those of the right that belong to them. */
type Pairs = readonly [left: readonly number[], right: readonly number[]];

/** The factor as matrices: [batch, rows, columns], or without a batch axis where no axes repeat. */
interface Matrices {
  readonly tensor: TfTensor;
  /** Rows and columns stand the other way around. */
  readonly flipped: boolean;
}

/** The result's axes: the repeated ones, those of the left that stay, those of the right that stay. */
export function contractIn(
  tf: TfBuilder,
  left: TfTensor,
  right: TfTensor,
  { batch, over }: { readonly batch: Pairs; readonly over: Pairs },
  { dtype, shape }: TensorType,
): TfTensor {
  const summed = [...over[0].keys()].sort((a, b) => over[0][a]! - over[0][b]!);
  const a = matrices(
    tf,
    left,
    batch[0],
    summed.map((i) => over[0][i]!),
    'last',
  );
  const b = matrices(
    tf,
    right,
    batch[1],
    summed.map((i) => over[1][i]!),
    'first',
  );
  const rows = a.tensor.shape.at(a.flipped ? -1 : -2)!;
  const columns = b.tensor.shape.at(b.flipped ? -2 : -1)!;
  const T = { type: dtype };
  const sums =
    batch[0].length === 0
      ? tf.op(
          'MatMul',
          [a.tensor, b.tensor],
          { T, transpose_a: a.flipped, transpose_b: b.flipped },
          { dtype, shape: [rows, columns] },
        )
      : tf.op(
          'BatchMatMulV2',
          [a.tensor, b.tensor],
          { T, adj_x: a.flipped, adj_y: b.flipped },
          { dtype, shape: [a.tensor.shape[0]!, rows, columns] },
        );
  return tf.reshape(sums, shape);
}

/** Brings the summed axes to the end or to the front of what does not repeat; nothing moves if they are at either. */
function matrices(
  tf: TfBuilder,
  x: TfTensor,
  batch: readonly number[],
  summed: readonly number[],
  side: 'first' | 'last',
): Matrices {
  const free = x.shape.flatMap((_, axis) => (batch.includes(axis) || summed.includes(axis) ? [] : [axis]));
  const sizeOf = (axes: readonly number[]) => product(axes.map((axis) => x.shape[axis]!));
  const straight = side === 'last' ? [free, summed] : [summed, free];
  const isInOrder = (groups: readonly (readonly number[])[]): boolean =>
    [...batch, ...groups.flat()].every((axis, i) => axis === i);
  const flipped = !isInOrder(straight) && isInOrder([...straight].reverse());
  const groups = flipped ? [...straight].reverse() : straight;
  const ordered = tf.transpose(x, [...batch, ...groups.flat()]);
  const sizes = groups.map(sizeOf);
  return { tensor: tf.reshape(ordered, batch.length === 0 ? sizes : [sizeOf(batch), ...sizes]), flipped };
}
