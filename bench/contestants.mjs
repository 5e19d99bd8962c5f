/** Who takes part when a step of a task is timed. */
import { availableParallelism } from 'node:os';
import { engineStep } from './engine-step.mjs';
import { looped } from './looped.mjs';
import { nodePeer, pythonPeer } from './peer.mjs';
import { taskFolder } from './task-files.mjs';
import { tasks } from './tasks.mjs';

const cores = availableParallelism();

/** Our engine on a number of threads. */
export function ourStep(task, threads, id = 'ours') {
  return {
    id,
    name: `Millrace, wasm, ${threads === 1 ? 'one thread' : `${threads} threads`}`,
    open: async () => {
      const { step, close } = await engineStep(task(), threads);
      return { ...(await looped(step)), close };
    },
  };
}

const peers = {
  tfjs: { name: 'tfjs, wasm, one thread', script: 'tfjs.mjs', needs: '@tensorflow/tfjs-backend-wasm' },
  jaxJs: { name: 'jax-js, wasm, jit', script: 'jax-js.mjs', needs: '@jax-js/jax' },
  torch1: { name: 'PyTorch, one thread', script: 'torch_peer.py', args: ['1'] },
  torch: { name: `PyTorch, ${cores} threads`, script: 'torch_peer.py', args: [String(cores)] },
  jax1: { name: 'JAX, jit, one core', script: 'jax_peer.py', pinned: true },
  jax: { name: `JAX, jit, ${cores} cores`, script: 'jax_peer.py' },
  keras: { name: 'Keras on JAX, train_on_batch', script: 'keras_peer.py' },
};

/** The named task in our engine, on one thread and, where `threads` says so, on all cores; beside it the peers asked for. */
export function contestantsOf(name, { threads = false, without = [] } = {}) {
  const several = threads && cores > 1;
  const task = () => taskFolder(name);
  return [
    ourStep(tasks[name], 1),
    ...(several ? [ourStep(tasks[name], cores, 'oursAll')] : []),
    ...Object.entries(peers)
      .filter(([id]) => !without.includes(id) && (several || cores === 1 || id !== 'torch'))
      .map(([id, peer]) => (peer.needs ? nodePeer : pythonPeer)({ id, ...peer, task })),
  ];
}
