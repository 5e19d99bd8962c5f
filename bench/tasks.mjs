/**
 * What every contestant computes in a step: the same model from the same weights on the same batch. A task's columns and
 * weights are numbers, so that libraries in any language can start from them.
 */

/** A number from 0 to 1 that depends on its place alone. */
function noise(place) {
  const x = Math.sin(place) * 43758.5453;
  return x - Math.floor(x);
}

const sizeOf = (shape) => shape.reduce((size, dim) => size * dim, 1);

/**
 * Each row stands in the batch twice, and the labels tell the two apart: the loss cannot fall to nothing, where gradients
 * would become so small that arithmetic on them is slow.
 */
function twice(batch, shape, value) {
  const size = sizeOf(shape);
  const rows = Math.max(1, batch / 2);
  return Array.from({ length: batch * size }, (_, i) => value(i % (rows * size)));
}

/**
 * From −1 to 1. Were they all positive, units would die, and the momentum of their weights would fade into numbers so small
 * that arithmetic on them is slow: times would depend on how long a library has been trained.
 */
function floats(batch, shape) {
  return {
    dtype: 'float32',
    shape: [batch, ...shape],
    values: Float32Array.from(twice(batch, shape, (i) => 2 * noise(i * 12.9898) - 1)),
  };
}

/** Whole numbers from 0 up to but not including `limit`; `from` makes columns differ. */
function codes(batch, shape, limit, from = 0) {
  return {
    dtype: 'int32',
    shape: [batch, ...shape],
    values: Int32Array.from(twice(batch, shape, (i) => Math.floor(noise((i + 1) * 37.719 + from) * limit))),
  };
}

/** One class a row, or one for each place of a row; another one where the row stands for the second time. */
function classesOf(batch, shape, classes) {
  const length = batch * sizeOf(shape);
  const half = Math.max(1, length / 2);
  return {
    dtype: 'int32',
    shape: [batch, ...shape],
    values: Int32Array.from({ length }, (_, i) => (i < half ? i : i - half + 1) % classes),
  };
}

/** Weights as they are made: `add(name, shape)` with Glorot's uniform bounds, or with a number for all of them. */
function weights(build) {
  const made = [];
  build((name, shape, fill) => {
    const limit = Math.sqrt(6 / (sizeOf(shape.slice(0, -1)) + shape.at(-1)));
    const from = 1000 * made.length;
    const number = (i) => fill ?? (2 * noise((i + 1 + from) * 78.233) - 1) * limit;
    made.push({ name, shape, values: Float32Array.from({ length: sizeOf(shape) }, (_, i) => number(i)) });
  });
  return made;
}

function dense(add, name, from, to, bias = 0) {
  add(`${name}.kernel`, [from, to]);
  add(`${name}.bias`, [to], bias);
}

/** Dense layers with relu between them, cross-entropy on logits, Adam. */
export function denseTask(layers, batch, learningRate) {
  return {
    model: 'dense',
    batch,
    learningRate,
    sizes: { layers },
    columns: { x: floats(batch, [layers[0]]), label: classesOf(batch, [], layers.at(-1)) },
    weights: weights((add) => {
      // No unit is dead from the beginning: one of ten would already cost.
      layers.slice(1).forEach((to, i) => {
        dense(add, `dense.${i}`, layers[i], to, i < layers.length - 2 ? 2 : 0);
      });
    }),
  };
}

/** Two 3×3 convolutions of 32 and 64 filters with relu, each under a 2×2 pooling, and a dense layer to 10 classes; Adam. */
export function convolutionTask(batch) {
  return {
    model: 'convolution',
    batch,
    learningRate: 0.001,
    sizes: {},
    columns: { x: floats(batch, [28, 28, 1]), label: classesOf(batch, [], 10) },
    weights: weights((add) => {
      dense((name, shape, fill) => add(name, fill === 0 ? shape : [3, 3, ...shape], fill), 'conv.0', 1, 32);
      dense((name, shape, fill) => add(name, fill === 0 ? shape : [3, 3, ...shape], fill), 'conv.1', 32, 64);
      dense(add, 'dense', 5 * 5 * 64, 10);
    }),
  };
}

/**
 * Wide & deep (Cheng et al. 2016): categories, hashed before, give a weight each and a vector each; the vectors and the
 * numbers go through two hidden layers; binary cross-entropy on the sum of both sides, Adam.
 */
export function wideTask({ batch = 512, categories = 26, buckets = 1000, width = 16, numbers = 13 } = {}) {
  const names = Array.from({ length: categories }, (_, i) => `category${i}`);
  return {
    model: 'wide',
    batch,
    learningRate: 0.001,
    sizes: { categories, buckets, width, numbers },
    columns: {
      x: floats(batch, [numbers]),
      ...Object.fromEntries(names.map((name, i) => [name, codes(batch, [], buckets, 10_000 * i)])),
      label: {
        dtype: 'float32',
        shape: [batch, 1],
        values: Float32Array.from({ length: batch }, (_, row) => (row + (row < batch / 2 ? 0 : 1)) % 2),
      },
    },
    weights: weights((add) => {
      for (const name of names) add(`deep.${name}`, [buckets, width]);
      dense(add, 'hidden.0', categories * width + numbers, 256);
      dense(add, 'hidden.1', 256, 128);
      dense(add, 'deep', 128, 1);
      dense(add, 'wide', numbers, 1);
      for (const name of names) add(`wide.${name}`, [buckets, 1]);
    }),
  };
}

/** A small GPT (pre-norm, gelu by tanh, causal), as in examples/gpt.ts: next-letter cross-entropy at each place, Adam. */
export function transformerTask({ batch = 16, blocks = 2, width = 128, heads = 4, context = 64 } = {}) {
  const characters = 96;
  const size = width / heads;
  return {
    model: 'transformer',
    batch,
    learningRate: 0.001,
    sizes: { blocks, width, heads, context, characters, epsilon: 0.001 },
    columns: {
      x: codes(batch, [context], characters),
      label: classesOf(batch, [context], characters),
    },
    weights: weights((add) => {
      const norm = (name) => {
        add(`${name}.gamma`, [width], 1);
        add(`${name}.beta`, [width], 0);
      };
      add('meaning', [characters, width]);
      add('place', [context, width]);
      for (let i = 0; i < blocks; i++) {
        norm(`${i}.attentionNorm`);
        for (const part of ['query', 'key', 'value']) {
          add(`${i}.${part}.kernel`, [width, heads, size]);
          add(`${i}.${part}.bias`, [heads, size], 0);
        }
        add(`${i}.output.kernel`, [heads, size, width]);
        add(`${i}.output.bias`, [width], 0);
        norm(`${i}.denseNorm`);
        dense(add, `${i}.widen`, width, 4 * width);
        dense(add, `${i}.narrow`, 4 * width, width);
      }
      norm('norm');
      dense(add, 'letters', width, characters);
    }),
  };
}

/** Logistic regression on a row at a time, plain gradient descent. */
export function onlineTask(features = 100) {
  return {
    model: 'online',
    batch: 1,
    learningRate: 0.01,
    sizes: { features },
    columns: {
      x: floats(1, [features]),
      label: { dtype: 'float32', shape: [1, 1], values: Float32Array.of(1) },
    },
    weights: weights((add) => dense(add, 'dense', features, 1)),
  };
}

/** Made when asked for: some are large. */
export const tasks = {
  iris: () => denseTask([4, 10, 10, 3], 16, 1e-5),
  mlp: () => denseTask([784, 512, 10], 128, 0.001),
  cnn32: () => convolutionTask(32),
  cnn128: () => convolutionTask(128),
  wide: () => wideTask(),
  transformer: () => transformerTask(),
  online: () => onlineTask(),
};
