/** Shapes in types: what the signatures of ops work out, and what they refuse. Compiled by tsc; never run. */
import type { Batch, Dim, Shape, Tensor } from 'millrace';
import {
  add,
  argMax,
  averagePooling2d,
  batchNormalization,
  cast,
  conv2d,
  dense,
  dropout,
  embedding,
  equal,
  exp,
  expandDims,
  flatten,
  globalMaxPooling2d,
  layerNormalization,
  matmul,
  maxPooling2d,
  mean,
  oneHot,
  param,
  relu,
  reshape,
  sequential,
  softmax,
  stack,
  sum,
  transpose,
  where,
} from 'millrace';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where the tensor has just this shape and dtype. */
function is<S extends Shape, D = 'float32'>() {
  return <T extends Tensor>(_: T, __: Same<T['shape'], S> & Same<T['dtype'], D>): void => undefined;
}

declare const rows: Tensor<readonly [Batch, 4]>;
declare const column: Tensor<readonly [Batch]>;
declare const labels: Tensor<readonly [Batch], 'int32'>;
declare const anything: Tensor;
declare const counts: Tensor<readonly [Batch, 4], 'int32'>;
declare const images: Tensor<readonly [Batch, 28, 28], 'float32'>;
declare const floats: Tensor<readonly [Batch, 4], 'float32'>;

is<readonly ['B', 4]>()(exp(rows), true);
is<readonly ['B', 4]>()(relu(floats), true);
is<readonly ['B', 4]>()(add(floats, 1), true);
is<readonly ['B', 4]>()(add(floats, param([4])), true);
is<readonly [3, 4]>()(add(param([3, 1]), param([4])), true);
is<readonly ['B', 4], 'bool'>()(equal(floats, 0), true);
is<readonly ['B', 4]>()(where(equal(floats, 0), floats, 1), true);
is<readonly ['B', 10]>()(matmul(floats, param([4, 10])), true);
is<readonly ['B', 10]>()(dense(10, { activation: relu })(rows), true);
is<readonly ['B', 3]>()(softmax(dense(3)(rows)), true);
is<readonly [7, 2]>()(stack([param([7]), param([7])]), true);
is<readonly []>()(sum(floats), true);
is<readonly ['B']>()(mean(rows, { axis: -1 }), true);
is<readonly ['B', 1]>()(mean(rows, { axis: -1, keepDims: true }), true);
is<readonly ['B'], 'int32'>()(argMax(rows), true);
is<readonly ['B', 3]>()(oneHot(labels, 3), true);
is<readonly ['B'], 'float32'>()(cast(labels, 'float32'), true);
is<readonly [4, 3]>()(transpose(param([3, 4])), true);
is<readonly [2, 6]>()(reshape(param([3, 4]), [2, 6]), true);
is<Shape>()(expandDims(param([3]), { axis: 0 }), true);
is<Shape>()(exp(anything as Tensor<Shape, 'float32'>), true);
is<Shape>()(flatten()(anything), true);
is<readonly ['B', number]>()(flatten()(images), true);
is<readonly ['B', 2]>()(dense(2)(stack([column, column])), true);

is<readonly ['B', 3]>()(sequential(dense(10), relu, dense(3))(rows), true);
is<readonly ['B', 4]>()(sequential()(floats), true);
is<readonly ['B', 4], 'int32'>()(sequential()(counts), true);
is<readonly ['B', 4, 8]>()(sequential(embedding(9, 8), layerNormalization(), dropout(0.5))(counts), true);
is<readonly [...Dim[], 2]>()(sequential(embedding(9, 8), (x) => exp(x), dense(2))(counts), true);
is<readonly ['B', 2]>()(
  sequential(
    conv2d(8, 3, { activation: relu }),
    maxPooling2d(2),
    batchNormalization(),
    flatten(),
    dense(10),
    softmax,
    dense(2),
  )(images),
  true,
);
is<readonly ['B', number, number, 8]>()(sequential(conv2d(8, 3), averagePooling2d(2))(images), true);
is<readonly ['B', 8]>()(sequential(conv2d(8, 3), globalMaxPooling2d())(images), true);
is<readonly [...Dim[], 3]>()(sequential((x) => exp(x), dense(3))(rows), true);
is<readonly ['B', 4]>()(sequential(layerNormalization(), dropout(0.5))(floats), true);

// @ts-expect-error a string is no tensor
exp('x');
// @ts-expect-error an option that does not exist
sum(rows, { axes: 1 });
// @ts-expect-error an option of the wrong kind
softmax(rows, { axis: 'last' });
// @ts-expect-error a number of units is a number
dense('10');
// @ts-expect-error one list, not several tensors
stack(column, column);
// @ts-expect-error a shape that differs is another type
const other: Tensor<readonly [Batch, 5]> = exp(rows);
// @ts-expect-error truths are no numbers
const numbers: Tensor<readonly [Batch, 4], 'float32'> = equal(rows, 0);

export const unused = [other, numbers];
