/** Who takes part when a step of a task is timed. */
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { engineStep } from './engine-step.mjs';
import { looped } from './looped.mjs';
import { nodePeer, pythonPeer } from './peer.mjs';
import { taskFolder } from './task-files.mjs';
import { tasks } from './tasks.mjs';

const cores = availableParallelism();

/** Our engine, told how to run. */
function ourStep(id, task, options) {
  const { threads, relaxedSimd } = options;
  const count = threads === 1 ? 'one thread' : `${threads} threads`;
  return {
    id,
    name: `Millrace, wasm, ${count}${relaxedSimd ? ', relaxed SIMD' : ''}`,
    open: async () => {
      if (relaxedSimd && !(await hasRelaxedSimd()))
        return {
          absent: 'this Node has none (Node 22 does; --experimental-relaxed-simd gives it to Node 20)',
        };
      const { step, close } = await engineStep(task(), options);
      return { ...(await looped(step)), close };
    },
  };
}

/** Node 20 has it behind a flag. Where there is none the engine runs as ever, and would stand there twice. */
async function hasRelaxedSimd() {
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  const { relaxedProbe } = await import('../dist/compiler/6-emit/wasm/index.js');
  return WebAssembly.validate(relaxedProbe());
}

/** Our programs on TensorFlow, where it was set up: the reason is told where it was not. */
function ourTensorflow(task) {
  return {
    id: 'oursTensorflow',
    name: `Millrace, tensorflow, ${cores} threads`,
    open: async () => {
      try {
        const { step, close } = await engineStep(task(), { on: 'tensorflow' });
        return { ...(await looped(step)), close };
      } catch (error) {
        if (error.diagnostics?.[0]?.code !== 'ENG604') throw error;
        return { absent: error.diagnostics[0].message };
      }
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

/** The named task in our engine, on one thread and, where `threads` says that it is worth it, on all cores. */
export function contestantsOf(name, { threads = false, without = [] } = {}) {
  const several = threads && cores > 1;
  const task = () => taskFolder(name);
  return [
    ourStep('ours', tasks[name], { threads: 1 }),
    ...(several ? [ourStep('oursAll', tasks[name], { threads: cores })] : []),
    // Off by default: it gives other bits on other processors.
    ...(threads ? [ourStep('oursRelaxed', tasks[name], { threads: 1, relaxedSimd: true })] : []),
    ourTensorflow(tasks[name]),
    ...Object.entries(peers)
      .filter(([id]) => !without.includes(id) && (several || cores === 1 || id !== 'torch'))
      .map(([id, peer]) => (peer.needs ? nodePeer : pythonPeer)({ id, ...peer, task })),
  ];
}
