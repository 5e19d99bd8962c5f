/** Ops of users' own: typed on the outside as ours are, and inside without a cast. Compiled by tsc; never run. */
import type { Batch, Shape, Tensor } from 'millrace';
import {
  add,
  arrays,
  divide,
  eye,
  full,
  linspace,
  multiply,
  neg,
  random,
  range,
  sigmoid,
  sum,
  tensor,
  tensorOf,
  training,
  where,
  zeros,
} from 'millrace';
import type { Elementwise, Op } from 'millrace/op';
import { composite, defineOp, float, integer, list, none, option, preserving, reals } from 'millrace/op';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => undefined;

declare const rows: Tensor<readonly [Batch, 4], 'float32'>;

// An annotation is what callers see.
const swish: Op<Elementwise> = composite({
  name: 'swish',
  inputs: { x: float },
  options: { beta: option.number(1) },
  body: ({ x }, { beta }) => {
    same<typeof x, Tensor<Shape, 'float32'>>(true);
    same<typeof beta, number>(true);
    return multiply(x, sigmoid(multiply(x, beta)));
  },
  domain: { x: reals() },
  examples: [[[[0]], [0]]],
});
const y = swish(rows);
same<typeof y, Tensor<readonly [Batch, 4], 'float32'>>(true);

// Without one it follows from the specs.
const mix = composite({
  name: 'mix',
  inputs: { a: float, b: float },
  options: { part: option.fraction(), reverse: option.flag(false) },
  body: ({ a, b }, { part, reverse }) => (reverse ? add(multiply(a, part), b) : add(a, multiply(b, part))),
});
export const mixed: Tensor = mix(rows, 1, { part: 0.5 });
mix(rows, rows, { part: 0.5, reverse: true });
// @ts-expect-error an input is missing
mix(rows, { part: 0.5 });
// @ts-expect-error a required option is missing
mix(rows, rows);
// @ts-expect-error there is no such option
mix(rows, rows, { part: 1, of: 2 });
// @ts-expect-error an option of another type
mix(rows, rows, { part: 'half' });

const joined = composite({
  name: 'joined',
  inputs: { tensors: list },
  body: ({ tensors }) => tensors.reduce((a: Tensor, b) => add(a, b)),
});
joined([rows, rows]);
// @ts-expect-error a list is one argument
joined(rows, rows);

export const cube = defineOp({
  name: 'cube',
  kind: 'map',
  inputs: { x: float },
  type: preserving,
  scalar: ({ x }) => x ** 3,
  gradient: ({ inputs: { x }, dy }) => ({ x: multiply(dy, multiply(multiply(x, x), 3)) }),
  lower: { wasm: (s, { x }) => s.mul(x, s.mul(x, x)), tensorflow: (tf, { x }) => tf.map('Mul', x, x) },
});
cube(rows);

defineOp({
  name: 'half',
  kind: 'zip',
  inputs: { x: float, y: integer },
  options: { axis: option.axes(null) },
  type: ({ x, y: other }, { axis }, op) => {
    same<typeof axis, number | readonly number[] | null>(true);
    same<typeof op, string>(true);
    return { dtype: x.dtype, shape: other.shape };
  },
  // @ts-expect-error a gradient for each input, by name
  gradient: ({ dy }) => ({ x: neg(dy) }),
});

defineOp({
  name: 'odd',
  kind: 'map',
  inputs: { x: float },
  type: preserving,
  // @ts-expect-error there is no such input
  scalar: ({ z }) => z,
  gradient: none('it is a test'),
});

// Tensors of given numbers carry their shapes.
same<ReturnType<typeof squareOf>, Tensor<readonly [2, 2], 'float32'>>(true);
const squareOf = () =>
  tensorOf([
    [1, 2],
    [3, 4],
  ]);
const truths = tensorOf([true, false]);
same<typeof truths, Tensor<readonly [2], 'bool'>>(true);
const flat = tensorOf(new Float32Array(6), { shape: [2, 3] });
same<typeof flat, Tensor<readonly [2, 3], 'float32'>>(true);
const numbers = tensorOf([1, 2, 3], { dtype: 'int32' });
same<typeof numbers, Tensor<readonly [3], 'int32'>>(true);
const none4 = zeros([4, 'B']);
same<typeof none4, Tensor<readonly [4, 'B'], 'float32'>>(true);
const sevens = full([2], 7, { dtype: 'int32' });
same<typeof sevens, Tensor<readonly [2], 'int32'>>(true);
const unit = eye(3);
same<typeof unit, Tensor<readonly [3, 3], 'float32'>>(true);
const steps = linspace(0, 1, 5);
same<typeof steps, Tensor<readonly [5], 'float32'>>(true);
const counted = range(0, 4, { dtype: 'int32' });
same<typeof counted, Tensor<readonly [number], 'int32'>>(true);

export const noisy = where(training, add(rows, random.normal(rows.shape, { stddev: 0.1 })), rows);
export const kept = divide(sum(rows), 2);

// A column of a shape is of real numbers unless told otherwise.
const images = tensor([28, 28]);
same<typeof images.dtype, 'float32'>(true);
export const pictures = arrays(
  { image: tensor([2, 2]), ids: tensor([2], 'int32') },
  { image: [[0, 0, 0, 0]], ids: [[1, 2]] },
);
