/**
 * Pipelines that go wrong at a marked line, each in another way. `// ⟵ name` marks the place of both readers; `(run)` and
 * `(read)` that of a program that runs and of a file that is read, where a layer hides its inside from the former.
 */

import type { Tensor } from 'millrace';
import {
  add,
  arrays,
  binaryCrossentropy,
  concat,
  defineLayer,
  dense,
  divide,
  exp,
  greater,
  less,
  log,
  logSumExp,
  matmul,
  max,
  mean,
  meanSquaredError,
  multiply,
  ones,
  param,
  pipeline,
  reshape,
  sequential,
  sgd,
  softmax,
  sqrt,
  subtract,
  sum,
  transpose,
  vector,
  where,
} from 'millrace';

const schema = { x: vector(4), y: vector(1) };
/** Row 3 holds a zero, a negative number, and one that is too large to be raised to. */
const data = arrays(schema, {
  x: [
    [1, 2, 3, 4],
    [2, 1, 1, 0.5],
    [0, -1, 1000, 1],
    [0.5, 1, 2, 2],
  ],
  y: [[1], [0], [1], [0]],
}).batch(4);

const optimizer = sgd({ learningRate: 0.01 });
const trained = { data, optimizer };
const mse = (out: Tensor, { y }: { readonly y: Tensor }) => meanSquaredError(y, out);

export const direct = pipeline({
  ...trained,
  model: ({ x }) => {
    const hidden = dense(1)(x);
    const logs = log(x); // ⟵ direct
    return add(hidden, mean(logs, { axis: 1, keepDims: true }));
  },
  loss: mse,
});

const roots = (x: Tensor) => sqrt(x); // ⟵ helper

export const helper = pipeline({
  ...trained,
  model: ({ x }) => dense(1)(roots(x)),
  loss: mse,
});

const powers = defineLayer('powers', () => ({
  build: () => ({ scale: param([4]) }),
  call: ({ scale }, x) =>
    add(
      exp(x), // ⟵ layer (read)
      multiply(x, scale),
    ),
}));
const raised = powers();

export const layer = pipeline({
  ...trained,
  model: ({ x }) => dense(1)(raised(x)), // ⟵ layer (run)
  loss: mse,
});

export const ownLoss = pipeline({
  data,
  optimizer,
  model: ({ x }) => dense(1)(multiply(x, 0.001)),
  loss: (out, { x, y }) => {
    const weight = divide(1, sum(reshape(x, ['B', 2, 2]), { axis: 2 }));
    const first = divide(1, x); // ⟵ ownLoss
    return add(
      meanSquaredError(y, out),
      multiply(0, add(mean(weight, { axis: 1 }), mean(first, { axis: 1 }))),
    );
  },
});

/** A probability of exactly 0: with `fromLogits` there would be none. */
export const several = pipeline({
  data,
  model: ({ x }) => ({ main: dense(1)(multiply(x, 0.001)), gate: dense(1)(x) }),
  objectives: {
    fit: {
      loss: ({ main }, { y }) => meanSquaredError(y, main),
      optimizer,
      parameters: (name) => name.startsWith('dense.'),
    },
    gate: {
      loss: ({ gate }, { x, y }) =>
        add(
          binaryCrossentropy(y, gate, { fromLogits: true }),
          multiply(0, mean(log(x), { axis: 1 })), // ⟵ several
        ),
      optimizer,
      parameters: (name) => name.startsWith('dense_1.'),
    },
  },
});

/** Fine in the forward part: only the slope of the root at 0 is infinite. */
export const slope = pipeline({
  ...trained,
  model: ({ x }) => {
    const w = param([4], { initializer: ones });
    const product = multiply(x, w);
    return sum(
      sqrt(multiply(product, product)), // ⟵ slope
      { axis: 1, keepDims: true },
    );
  },
  loss: mse,
});

const scores = dense(4);

/** −∞ marks what must not be seen; in row 3 nothing is left to see. */
export const blind = pipeline({
  ...trained,
  model: ({ x }) => {
    const masked = where(
      less(sum(x, { axis: 1, keepDims: true }), 100),
      scores(multiply(x, 0.001)),
      Number.NEGATIVE_INFINITY,
    );
    const seen = softmax(masked); // ⟵ blind
    return mean(seen, { axis: 1, keepDims: true });
  },
  loss: mse,
});

/** The same mask where each row has something to see: nothing is wrong. */
export const masked = pipeline({
  ...trained,
  model: ({ x }) => {
    const wide = reshape(matmul(reshape(x, ['B', 4, 1]), reshape(multiply(x, 0.001), ['B', 1, 4])), [
      'B',
      16,
    ]);
    const attended = softmax(where(greater(wide, -0.5), wide, Number.NEGATIVE_INFINITY));
    return add(
      dense(1)(multiply(attended, 0.5)),
      multiply(0.001, logSumExp(wide, { axis: 1, keepDims: true })),
    );
  },
  loss: mse,
});

/** A rate beyond all measure: the product of gradient and rate is infinite. */
export const rate = pipeline({
  data,
  model: ({ x }) => dense(1)(x),
  loss: mse,
  optimizer: sgd({ learningRate: 3e38 }),
});

export const network = pipeline({
  ...trained,
  model: sequentially(),
  loss: mse,
});

function sequentially() {
  const layers = sequential(
    dense(3),
    (x) => log(subtract(x, x)), // ⟵ network (read)
    dense(1),
  );
  return ({ x }: { readonly x: Tensor }) => layers(x); // ⟵ network (run)
}

/** Of two that are infinite, the one that is chosen is to blame, be it the later one. */
export const chosen = pipeline({
  data,
  optimizer,
  model: ({ x }) => {
    const never = log(multiply(x, 0));
    const large = exp(x); // ⟵ chosen
    return add(
      dense(1)(multiply(x, 0.001)),
      mean(where(less(x, -5), never, large), { axis: 1, keepDims: true }),
    );
  },
  loss: mse,
});

export const largest = pipeline({
  data,
  optimizer,
  model: ({ x }) => {
    const low = log(multiply(x, 0));
    const high = exp(x); // ⟵ largest
    return add(dense(1)(multiply(x, 0.001)), max(concat([low, high]), { axis: 1, keepDims: true }));
  },
  loss: mse,
});

/** Rows and columns in one axis, the columns outside. */
export const flat = pipeline({
  data,
  optimizer,
  model: ({ x }) => {
    const turned = reshape(transpose(x), [-1]);
    const logs = log(turned); // ⟵ flat
    return add(dense(1)(x), mean(transpose(reshape(logs, [4, 'B'])), { axis: 1, keepDims: true }));
  },
  loss: mse,
});
