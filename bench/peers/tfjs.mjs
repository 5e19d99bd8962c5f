/** TensorFlow.js on its WebAssembly backend, one thread: `node tfjs.mjs TASK`. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { batchOf, tasks, weightsOf } from '../tasks.mjs';
import { serve } from './serve.mjs';

const task = tasks[process.argv[2]];
const { resolve } = createRequire(import.meta.url);
setWasmPaths(join(dirname(resolve('@tensorflow/tfjs-backend-wasm')), '/'));
setThreadsCount(1);
await tf.setBackend('wasm');
await tf.ready();

const { layers, batch, learningRate } = task;
const { inputs, labels } = batchOf(task);
const x = tf.tensor2d(inputs, [batch, layers[0]]);
const y = tf.oneHot(tf.tensor1d(labels, 'int32'), layers.at(-1)).toFloat();
const dense = layers.slice(1).map((columns, i) => ({
  kernel: tf.variable(tf.tensor2d(weightsOf(layers[i], columns), [layers[i], columns])),
  bias: tf.variable(tf.zeros([columns])),
}));
const optimizer = tf.train.adam(learningRate);

function loss() {
  let h = x;
  for (const [i, { kernel, bias }] of dense.entries()) {
    h = tf.add(tf.matMul(h, kernel), bias);
    if (i < dense.length - 1) h = tf.relu(h);
  }
  return tf.losses.softmaxCrossEntropy(y, h);
}

await serve(() => {
  const value = optimizer.minimize(loss, true);
  const [number] = value.dataSync();
  value.dispose();
  return number;
});
