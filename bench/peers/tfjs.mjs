/** TensorFlow.js on its WebAssembly backend, one thread: `node tfjs.mjs FOLDER`. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { readTask } from '../task-files.mjs';
import { serve } from './serve.mjs';

const { model, sizes, batch, learningRate, columns, weights } = readTask(process.argv[2]);
const { resolve } = createRequire(import.meta.url);
setWasmPaths(join(dirname(resolve('@tensorflow/tfjs-backend-wasm')), '/'));
setThreadsCount(1);
await tf.setBackend('wasm');
await tf.ready();

const data = Object.fromEntries(
  Object.entries(columns).map(([name, { dtype, shape, values }]) => [name, tf.tensor(values, shape, dtype)]),
);
const w = Object.fromEntries(
  weights.map(({ name, shape, values }) => [name, tf.variable(tf.tensor(values, shape))]),
);

/** On the last axis. */
function dense(name, x) {
  const [from, to] = w[`${name}.kernel`].shape;
  const product = tf.matMul(tf.reshape(x, [-1, from]), w[`${name}.kernel`]);
  return tf.reshape(tf.add(product, w[`${name}.bias`]), [...x.shape.slice(0, -1), to]);
}

/** The backend has no gradient of a lookup, so it is a product with ones and zeros, made once. */
const chosen = {};
function embedding(name, column) {
  const [count, width] = w[name].shape;
  chosen[column] ??= tf.keep(tf.cast(tf.oneHot(tf.reshape(data[column], [-1]), count), 'float32'));
  return tf.reshape(tf.matMul(chosen[column], w[name]), [...data[column].shape, width]);
}

function normalization(name, x) {
  const { mean, variance } = tf.moments(x, -1, true);
  const scaled = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, sizes.epsilon)));
  return tf.add(tf.mul(scaled, w[`${name}.gamma`]), w[`${name}.beta`]);
}

function gelu(x) {
  const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.mul(x, tf.add(1, tf.mul(0.044715, tf.square(x)))));
  return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
}

function transformer() {
  const { width, heads, context } = sizes;
  const future = tf.keep(
    tf.tensor2d(
      Array.from({ length: context }, (_, i) =>
        Array.from({ length: context }, (_, j) => (j > i ? -1e9 : 0)),
      ),
    ),
  );
  const projected = (name, x) => {
    const flat = tf.matMul(tf.reshape(x, [-1, width]), tf.reshape(w[`${name}.kernel`], [width, width]));
    return tf.add(flat, tf.reshape(w[`${name}.bias`], [width]));
  };
  const inHeads = (x) => tf.transpose(tf.reshape(x, [batch, context, heads, -1]), [0, 2, 1, 3]);
  return () => {
    let x = tf.add(embedding('meaning', 'x'), w.place);
    for (let i = 0; i < sizes.blocks; i++) {
      const normal = normalization(`${i}.attentionNorm`, x);
      const [query, key, value] = ['query', 'key', 'value'].map((part) =>
        inHeads(projected(`${i}.${part}`, normal)),
      );
      const scores = tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(width / heads));
      const seen = tf.matMul(tf.softmax(tf.add(scores, future)), value);
      const flat = tf.reshape(tf.transpose(seen, [0, 2, 1, 3]), [-1, width]);
      x = tf.add(x, tf.reshape(projected(`${i}.output`, flat), x.shape));
      const thought = gelu(dense(`${i}.widen`, normalization(`${i}.denseNorm`, x)));
      x = tf.add(x, dense(`${i}.narrow`, thought));
    }
    return dense('letters', normalization('norm', x));
  };
}

const models = {
  dense: () => () => {
    let x = data.x;
    const last = sizes.layers.length - 2;
    for (let i = 0; i <= last; i++) {
      x = dense(`dense.${i}`, x);
      if (i < last) x = tf.relu(x);
    }
    return x;
  },
  convolution: () => () => {
    let x = data.x;
    for (const i of [0, 1]) {
      x = tf.relu(tf.add(tf.conv2d(x, w[`conv.${i}.kernel`], 1, 'valid'), w[`conv.${i}.bias`]));
      x = tf.maxPool(x, 2, 2, 'valid');
    }
    return dense('dense', tf.reshape(x, [batch, -1]));
  },
  wide: () => () => {
    const names = Array.from({ length: sizes.categories }, (_, i) => `category${i}`);
    let x = tf.concat([...names.map((name) => embedding(`deep.${name}`, name)), data.x], -1);
    x = tf.relu(dense('hidden.0', x));
    x = dense('deep', tf.relu(dense('hidden.1', x)));
    return tf.addN([x, dense('wide', data.x), ...names.map((name) => embedding(`wide.${name}`, name))]);
  },
  transformer,
  online: () => () => dense('dense', data.x),
};

const forward = models[model]();
const binary = model === 'wide' || model === 'online';
const classes = weights.at(-1).shape.at(-1);
const target = binary ? data.label : tf.cast(tf.oneHot(tf.reshape(data.label, [-1]), classes), 'float32');
const optimizer = model === 'online' ? tf.train.sgd(learningRate) : tf.train.adam(learningRate);

function loss() {
  const outputs = forward();
  return binary
    ? tf.losses.sigmoidCrossEntropy(target, outputs)
    : tf.losses.softmaxCrossEntropy(target, tf.reshape(outputs, [-1, classes]));
}

await serve(() => {
  const value = tf.tidy(() => optimizer.minimize(loss, true));
  const [number] = value.dataSync();
  value.dispose();
  return number;
}, tf.version_core);
