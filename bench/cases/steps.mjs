/** Training steps, beside those of other libraries: the same model, weights, batch and optimizer. */
import { contestantsOf } from '../contestants.mjs';
import { atLeast, atMost } from '../target.mjs';

const step = (name, title, options, targets) => ({
  name,
  title,
  contestants: () => contestantsOf(name, options),
  targets,
});

/** Not slower than a peer on as many cores. */
const beside = (time, factor) => [
  atMost(`≤ ${factor}× PyTorch, one thread each`, time('ours') / time('torch1'), factor, '×'),
  atMost(`≤ ${factor}× PyTorch, all cores`, time('oursAll') / time('torch'), factor, '×'),
];

export const steps = [
  step('iris', 'a step of 4-10-10-3, batch 16, Adam', {}, (time) => [
    atMost('≤ 5 µs in the engine', time('ours'), 5, ' µs'),
  ]),
  step('mlp', 'a step of 784-512-10, batch 128, Adam', { threads: true }, (time) => [
    atMost('≤ 2× JAX, one core each', time('ours') / time('jax1'), 2, '×'),
    atMost('≤ 2× JAX, all cores', time('oursAll') / time('jax'), 2, '×'),
    atLeast('≥ 4× faster than jax-js', time('jaxJs') / time('ours'), 4, '×'),
    atLeast('≥ 30× faster than tfjs', time('tfjs') / time('ours'), 30, '×'),
  ]),
  step('cnn32', 'a step of the convolutional network, batch 32, Adam', { threads: true }, (time) => [
    ...beside(time, 1),
    atMost('≤ JAX, one core each', time('ours') / time('jax1'), 1, '×'),
    atMost('≤ JAX, all cores', time('oursAll') / time('jax'), 1, '×'),
    atLeast('2 threads ≥ 1.7× one', time('ours') / time('oursAll'), 1.7, '×'),
  ]),
  step(
    'cnn128',
    'a step of the convolutional network, batch 128, Adam',
    // It takes seconds a step.
    { threads: true, without: ['jaxJs'] },
    (time) => [...beside(time, 1), atLeast('2 threads ≥ 1.7× one', time('ours') / time('oursAll'), 1.7, '×')],
  ),
  step('wide', 'a step of wide & deep, 26 categories and 13 numbers, batch 512, Adam', { threads: true }),
  step(
    'transformer',
    'a step of a transformer of 2 blocks, width 128, 4 heads, 64 places, batch 16, Adam',
    { threads: true },
    (time) => beside(time, 1.5),
  ),
];
