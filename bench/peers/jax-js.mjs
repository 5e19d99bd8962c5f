/** jax-js on WebAssembly, the whole step under jit: `node jax-js.mjs TASK`. */

// It looks for a GPU in the navigator, which Node 20 does not have.
globalThis.navigator ??= {};
const { init, defaultDevice, jit, numpy: np, nn, tree, valueAndGrad } = await import('@jax-js/jax');

import { batchOf, tasks, weightsOf } from '../tasks.mjs';
import { serve } from './serve.mjs';

const task = tasks[process.argv[2]];
await init('wasm');
defaultDevice('wasm');

const { layers, batch, learningRate } = task;
const { inputs, labels } = batchOf(task);
const classes = layers.at(-1);
const x = np.array(inputs).reshape([batch, layers[0]]);
const targets = Float32Array.from({ length: batch * classes }, (_, i) =>
  labels[Math.floor(i / classes)] === i % classes ? 1 : 0,
);
const y = np.array(targets).reshape([batch, classes]);

let params = layers.slice(1).map((columns, i) => ({
  kernel: np.array(weightsOf(layers[i], columns)).reshape([layers[i], columns]),
  bias: np.zeros([columns]),
}));

function loss(params, x, y) {
  let h = x;
  for (const [i, { kernel, bias }] of params.entries()) {
    h = np.matmul(h, kernel).add(bias);
    if (i < params.length - 1) h = nn.relu(h);
  }
  return nn
    .logSoftmax(h)
    .mul(y)
    .sum()
    .mul(-1 / batch);
}

const zeros = (values) =>
  values.map(({ kernel, bias }) => ({ kernel: np.zeros(kernel.shape), bias: np.zeros(bias.shape) }));
let first = zeros(params);
let second = zeros(params);
let power1 = np.array(1);
let power2 = np.array(1);

/** Adam, as Keras writes it. */
function updated(w, g, m, v, rate) {
  const first = m.mul(0.9).add(g.ref.mul(0.1));
  const second = v.mul(0.999).add(g.ref.mul(g).mul(0.001));
  const next = w.sub(first.ref.mul(rate).div(np.sqrt(second.ref).add(1e-7)));
  return [next, first, second];
}

const step = jit((params, first, second, power1, power2, x, y) => {
  const [value, gradients] = valueAndGrad(loss)(tree.ref(params), x, y);
  const p1 = power1.mul(0.9);
  const p2 = power2.mul(0.999);
  const rate = np.sqrt(np.subtract(1, p2.ref)).div(np.subtract(1, p1.ref)).mul(learningRate);
  const next = params.map((layer, i) => {
    const parts = Object.keys(layer).map((key) => [
      key,
      updated(layer[key], gradients[i][key], first[i][key], second[i][key], rate.ref),
    ]);
    return [0, 1, 2].map((part) => Object.fromEntries(parts.map(([key, values]) => [key, values[part]])));
  });
  rate.dispose();
  return [value, next.map(([w]) => w), next.map(([, m]) => m), next.map(([, , v]) => v), p1, p2];
});

await serve(() => {
  let value;
  [value, params, first, second, power1, power2] = step(params, first, second, power1, power2, x.ref, y.ref);
  return value.js();
});
