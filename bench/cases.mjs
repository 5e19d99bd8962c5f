/** What is measured. The first contestant is ours; the others stand beside it in the same run. */
import { checkCold } from './cases/check-cold.mjs';
import { runtimeOverhead } from './cases/runtime-overhead.mjs';
import { nodePeer, pythonPeer } from './peer.mjs';
import { engineStep, looped } from './program.mjs';

function step(name, task, title, goal) {
  return {
    name,
    title,
    goal,
    contestants: async () => [
      { name: 'millrace, wasm engine, one thread', open: async () => looped(await engineStep(task)) },
      nodePeer('tfjs, wasm backend, one thread', 'tfjs.mjs', '@tensorflow/tfjs-backend-wasm', task),
      nodePeer('jax-js, wasm, jit', 'jax-js.mjs', '@jax-js/jax', task),
      pythonPeer('JAX, jit, native', 'jax_peer.py', task),
      pythonPeer('PyTorch, native', 'torch_peer.py', task),
    ],
  };
}

export const cases = [
  step('iris', 'iris', 'a step of 4-10-10-3, batch 16, Adam', '≤ 10 µs'),
  step('mlp', 'mlp', 'a step of 784-512-10, batch 128, Adam', '≤ 8 ms on one thread'),
  runtimeOverhead,
  checkCold,
];
