/** jax-js on WebAssembly, the whole step under jit: `node jax-js.mjs FOLDER`. */

// What it takes for granted and Node 20 does not have: a navigator, to look for a GPU in, and methods of iterators.
globalThis.navigator ??= {};
const iterators = Object.getPrototypeOf(Object.getPrototypeOf([].values()));
iterators.map ??= function* map(change) {
  for (const value of this) yield change(value);
};
iterators.filter ??= function* filter(keep) {
  for (const value of this) if (keep(value)) yield value;
};
const { init, defaultDevice, jit, lax, numpy: np, nn, tree, valueAndGrad } = await import('@jax-js/jax');

import { readTask } from '../task-files.mjs';
import { serve, versionOf } from './serve.mjs';

const { model, sizes, batch, learningRate, columns, weights } = readTask(process.argv[2]);
await init('wasm');
defaultDevice('wasm');

const arrayOf = ({ dtype, shape, values }) =>
  np.array(values, { dtype: dtype === 'int32' ? np.int32 : np.float32 }).reshape(shape);
const data = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, arrayOf(column)]));
let params = Object.fromEntries(weights.map((weight) => [weight.name, arrayOf(weight)]));

// An operation uses its operands up; `.ref` keeps one for another use.
const dense = (w, name, x) => np.matmul(x, w[`${name}.kernel`]).add(w[`${name}.bias`]);

function normalization(w, name, x) {
  const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
  const variance = np.mean(centred.ref.mul(centred.ref), -1, { keepdims: true });
  const scaled = centred.div(np.sqrt(variance.add(sizes.epsilon)));
  return scaled.mul(w[`${name}.gamma`]).add(w[`${name}.beta`]);
}

/** By a product with ones and zeros: a lookup has no gradient. */
const embedding = (table, codes) => {
  const count = table.shape[0];
  return np.matmul(nn.oneHot(codes, count), table);
};

const models = {
  dense: (w, { x }) => {
    let h = x;
    const last = sizes.layers.length - 2;
    for (let i = 0; i <= last; i++) {
      h = dense(w, `dense.${i}`, h);
      if (i < last) h = nn.relu(h);
    }
    return h;
  },
  convolution: (w, { x }) => {
    let h = np.transpose(x, [0, 3, 1, 2]);
    for (const i of [0, 1]) {
      const kernel = np.transpose(w[`conv.${i}.kernel`], [3, 2, 0, 1]);
      const bias = w[`conv.${i}.bias`];
      h = nn.relu(lax.convGeneralDilated(h, kernel, [1, 1], 'VALID').add(bias.reshape([-1, 1, 1])));
      const [rows, channels, height, width] = h.shape;
      const [down, across] = [Math.floor(height / 2), Math.floor(width / 2)];
      // Pooling by a reshape: quicker here than a window reduction.
      h = h.slice([], [], [0, 2 * down], [0, 2 * across]);
      h = np.max(h.reshape([rows, channels, down, 2, across, 2]), [3, 5]);
    }
    return dense(w, 'dense', np.transpose(h, [0, 2, 3, 1]).reshape([batch, -1]));
  },
  wide: (w, columns) => {
    const names = Array.from({ length: sizes.categories }, (_, i) => `category${i}`);
    const found = names.map((name) => embedding(w[`deep.${name}`], columns[name].ref));
    let h = np.concatenate([...found, columns.x.ref], -1);
    h = nn.relu(dense(w, 'hidden.0', h));
    h = dense(w, 'deep', nn.relu(dense(w, 'hidden.1', h))).add(dense(w, 'wide', columns.x));
    for (const name of names) h = h.add(embedding(w[`wide.${name}`], columns[name]));
    return h;
  },
  transformer: (w, { x }) => {
    let h = embedding(w.meaning, x).add(w.place);
    for (let i = 0; i < sizes.blocks; i++) {
      const normal = normalization(w, `${i}.attentionNorm`, h.ref);
      const [query, key, value] = ['query', 'key', 'value'].map((part) =>
        np.einsum('btf,fhd->bthd', normal.ref, w[`${i}.${part}.kernel`]).add(w[`${i}.${part}.bias`]),
      );
      normal.dispose();
      const seen = nn.dotProductAttention(query, key, value, { isCausal: true });
      h = h.add(np.einsum('bthd,hdf->btf', seen, w[`${i}.output.kernel`]).add(w[`${i}.output.bias`]));
      const thought = nn.gelu(dense(w, `${i}.widen`, normalization(w, `${i}.denseNorm`, h.ref)));
      h = h.add(dense(w, `${i}.narrow`, thought));
    }
    return dense(w, 'letters', normalization(w, 'norm', h));
  },
  online: (w, { x }) => dense(w, 'dense', x),
};

const binary = model === 'wide' || model === 'online';
const classes = weights.at(-1).shape.at(-1);
if (!binary) data.label = nn.oneHot(data.label, classes);

function loss(w, { label, ...rest }) {
  const outputs = models[model](w, rest);
  if (!binary) {
    const rows = outputs.shape.slice(0, -1).reduce((count, dim) => count * dim, 1);
    return nn
      .logSoftmax(outputs)
      .mul(label)
      .sum()
      .mul(-1 / rows);
  }
  const tail = np.log1p(np.exp(np.negative(np.absolute(outputs.ref))));
  return np.mean(np.maximum(outputs.ref, 0).sub(outputs.mul(label)).add(tail));
}

/** Adam, as Keras writes it. */
function updated(w, g, m, v, rate) {
  const first = m.mul(0.9).add(g.ref.mul(0.1));
  const second = v.mul(0.999).add(g.ref.mul(g).mul(0.001));
  const next = w.sub(first.ref.mul(rate).div(np.sqrt(second.ref).add(1e-7)));
  return [next, first, second];
}

const byName = (values, map) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(name, value)]));
const zeros = () => byName(params, (_, { shape }) => np.zeros(shape));

const adam = jit((w, first, second, power1, power2, data) => {
  const [value, gradients] = valueAndGrad(loss)(tree.ref(w), data);
  const p1 = power1.mul(0.9);
  const p2 = power2.mul(0.999);
  const rate = np.sqrt(np.subtract(1, p2.ref)).div(np.subtract(1, p1.ref)).mul(learningRate);
  const next = byName(w, (name, weight) =>
    updated(weight, gradients[name], first[name], second[name], rate.ref),
  );
  rate.dispose();
  return [value, ...[0, 1, 2].map((part) => byName(next, (_, parts) => parts[part])), p1, p2];
});

const gradientDescent = jit((w, data) => {
  const [value, gradients] = valueAndGrad(loss)(tree.ref(w), data);
  return [value, byName(w, (name, weight) => weight.sub(gradients[name].mul(learningRate)))];
});

let slots = model === 'online' ? [] : [zeros(), zeros(), np.array(1), np.array(1)];

await serve(
  () => {
    let value;
    const step = model === 'online' ? gradientDescent : adam;
    [value, params, ...slots] = step(params, ...slots, tree.ref(data));
    return value.js();
  },
  await versionOf('@jax-js/jax'),
);
