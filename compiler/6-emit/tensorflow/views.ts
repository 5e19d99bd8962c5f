/** Views in TensorFlow's ops: elements that move, are repeated, are seen through windows, or are added up where they land. */
import type { Shape } from '../../ir/dim.ts';
import { product, sameShape } from '../../ir/dim.ts';
import type { TensorType } from '../../ir/node.ts';
import type { View } from '../../op/card.ts';
import type { TfBuilder, TfTensor } from '../../op/tensorflow.ts';

/** The output axes that walk along each axis of the input. */
function walkersOf({ axes }: View, rank: number): number[][] {
  const walkers: number[][] = Array.from({ length: rank }, () => []);
  axes.forEach((axis, o) => {
    if (axis !== null) walkers[axis]!.push(o);
  });
  return walkers;
}

/** The coordinate along `axis` for each point of the axes that walk along it, in row-major order. */
function coordinates(view: View, axis: number, walkers: readonly number[], shape: Shape): number[] {
  return walkers.reduce<number[]>(
    (places, o) =>
      places.flatMap((place) =>
        Array.from({ length: shape[o] as number }, (_, i) => place + i * (view.steps?.[o] ?? 1)),
      ),
    [view.starts?.[axis] ?? 0],
  );
}

/** Whether two axes of the view walk along `axis` as tiles: one tile after another, without a gap. */
function isTiled(view: View, axis: number, walkers: readonly number[], shape: Shape): boolean {
  const [tile, inside] = walkers;
  if (tile === undefined || inside === undefined || walkers.length !== 2) return false;
  const start = view.starts?.[axis] ?? 0;
  return start === 0 && view.steps?.[tile] === shape[inside] && (view.steps?.[inside] ?? 1) === 1;
}

/**
 * The elements of x that the view shows. Axes along which they only repeat have size 1 in the result, or are missing in
 * front: whoever needs them stretches it.
 */
export function seen(tf: TfBuilder, x: TfTensor, view: View, { shape }: TensorType): TfTensor {
  const walkers = walkersOf(view, x.shape.length);
  let tensor = cut(tf, x, view, walkers, shape);
  // From the last axis on, so that those in front keep their numbers while axes are put in.
  for (let axis = x.shape.length - 1; axis >= 0; axis--) {
    const walking = walkers[axis]!;
    if (walking.length < 2 || isTiled(view, axis, walking, shape)) continue;
    const sizes = walking.map((o) => shape[o] as number);
    const indices = tf.constant(coordinates(view, axis, walking, shape), 'int32', sizes);
    const to = [...tensor.shape.slice(0, axis), ...sizes, ...tensor.shape.slice(axis + 1)];
    tensor = taken(tf, tensor, indices, axis, to);
  }
  const kept = walkers.filter((walking) => walking.length > 0).flat();
  const dense = tf.reshape(
    tensor,
    kept.map((o) => shape[o]!),
  );
  const order = [...kept].sort((a, b) => a - b);
  const ordered = tf.transpose(
    dense,
    order.map((o) => kept.indexOf(o)),
  );
  const frame = shape.map((size, o) => (view.axes[o] === null ? 1 : size));
  return tf.reshape(ordered, frame.slice(order[0] ?? shape.length));
}

/** The slices of x along `axis` that `indices` number. */
export function taken(tf: TfBuilder, x: TfTensor, indices: TfTensor, axis: number, shape: Shape): TfTensor {
  const attributes = {
    Tparams: { type: x.dtype },
    Tindices: { type: 'int32' },
    Taxis: { type: 'int32' },
    batch_dims: 0,
  } as const;
  return tf.op('GatherV2', [x, indices, tf.constant(axis, 'int32')], attributes, { dtype: x.dtype, shape });
}

/** The box that is seen, along axes that one axis of the view walks along, or none: then one element of them. */
function cut(
  tf: TfBuilder,
  x: TfTensor,
  view: View,
  walkers: readonly (readonly number[])[],
  shape: Shape,
): TfTensor {
  const parts = x.shape.map((size, axis) => {
    const [only, second] = walkers[axis]!;
    const start = view.starts?.[axis] ?? 0;
    if (isTiled(view, axis, walkers[axis]!, shape))
      return { start: 0, step: 1, count: product([shape[only!]!, shape[second!]!]) };
    if (second !== undefined) return { start: 0, step: 1, count: size };
    if (only === undefined) return { start, step: 1, count: 1 };
    return { start, step: view.steps?.[only] ?? 1, count: shape[only]! };
  });
  const whole = parts.map(
    ({ start, step, count }, axis) => start === 0 && step === 1 && count === x.shape[axis],
  );
  if (whole.every(Boolean)) return x;
  const ends = parts.map(({ start, step, count }) => start + Number(count) * step);
  // An end in front of the first element cannot be written: negative numbers count from the back.
  const open = whole.map((isWhole, axis) => isWhole || ends[axis]! < 0);
  const bits = (flags: readonly boolean[]): number =>
    flags.reduce((mask, flag, i) => (flag ? mask | (1 << i) : mask), 0);
  const list = (values: readonly number[]): TfTensor => tf.constant(values, 'int32');
  const inputs = [
    x,
    list(parts.map(({ start }) => start)),
    list(ends.map((end, axis) => (open[axis] ? 0 : end))),
    list(parts.map(({ step }) => step)),
  ];
  const attributes = {
    T: { type: x.dtype },
    Index: { type: 'int32' },
    begin_mask: bits(whole),
    end_mask: bits(open),
    ellipsis_mask: 0,
    new_axis_mask: 0,
    shrink_axis_mask: 0,
  } as const;
  return tf.op('StridedSlice', inputs, attributes, {
    dtype: x.dtype,
    shape: parts.map(({ count }) => count),
  });
}

/** Zeros of `type`, with each element of x added where the view of it would have shown it. */
export function landed(tf: TfBuilder, x: TfTensor, view: View, { shape, dtype }: TensorType): TfTensor {
  const walkers = walkersOf(view, shape.length);
  const plain = walkers.map((walking, axis) => {
    const [only, second] = walking;
    if (only === undefined || second !== undefined) return false;
    return (
      (view.steps?.[only] ?? 1) === 1 && (view.starts?.[axis] ?? 0) === 0 && x.shape[only] === shape[axis]
    );
  });
  const axes = shape.map((_, axis) => axis);
  if (axes.every((axis) => plain[axis] || isTiled(view, axis, walkers[axis]!, x.shape)))
    return laid(tf, x, walkers, { shape, dtype });
  const [scattered, kept] = [axes.filter((axis) => !plain[axis]), axes.filter((axis) => plain[axis])];
  const walking = scattered.flatMap((axis) => walkers[axis]!);
  const rest = kept.map((axis) => shape[axis]!);
  const rows = tf.reshape(tf.transpose(x, [...walking, ...kept.map((axis) => walkers[axis]![0]!)]), [
    product(walking.map((o) => x.shape[o]!)),
    ...rest,
  ]);
  const places = scattered.reduce<number[]>(
    (flat, axis) => {
      const own = coordinates(view, axis, walkers[axis]!, x.shape);
      return flat.flatMap((place) => own.map((at) => place * (shape[axis] as number) + at));
    },
    [0],
  );
  const sizes = scattered.map((axis) => shape[axis]!);
  const count = product(sizes);
  const sums = summed(tf, rows, tf.constant(places, 'int32'), tf.size(count), [count, ...rest]);
  const order = [...scattered, ...kept];
  const result = tf.transpose(
    tf.reshape(sums, [...sizes, ...rest]),
    axes.map((axis) => order.indexOf(axis)),
  );
  if (result.dtype !== dtype || !sameShape(result.shape, shape))
    throw new Error(`internal: elements landed in [${result.shape}], not in [${shape}]`);
  return result;
}

/** Tiles side by side, and zeros behind them where they do not reach the end. */
function laid(
  tf: TfBuilder,
  x: TfTensor,
  walkers: readonly (readonly number[])[],
  { shape, dtype }: TensorType,
): TfTensor {
  const sizes = walkers.map((walking) => product(walking.map((o) => x.shape[o]!)));
  const tiles = tf.reshape(tf.transpose(x, walkers.flat()), sizes);
  const rest = shape.map((size, axis) => (size === sizes[axis] ? 0 : Number(size) - Number(sizes[axis])));
  if (rest.every((count) => count === 0)) return tiles;
  const counts = tf.constant(
    rest.flatMap((count) => [0, count]),
    'int32',
    [rest.length, 2],
  );
  return tf.op(
    'Pad',
    [tiles, counts],
    { T: { type: dtype }, Tpaddings: { type: 'int32' } },
    { dtype, shape },
  );
}

/** `count` sums of the rows that have the same number. */
export function summed(
  tf: TfBuilder,
  rows: TfTensor,
  numbers: TfTensor,
  count: TfTensor,
  shape: Shape,
): TfTensor {
  const attributes = {
    T: { type: rows.dtype },
    Tindices: { type: 'int32' },
    Tnumsegments: { type: 'int32' },
  } as const;
  return tf.op('UnsortedSegmentSum', [rows, numbers, count], attributes, { dtype: rows.dtype, shape });
}
