/** The step of a task on one of our engines, without a runtime around it. */
import { setTimeout } from 'node:timers/promises';
import { pipelineOf } from './models.mjs';

/** The task's programs in an engine of the given options, with its weights in place. */
export async function loaded(task, options = { threads: 1 }) {
  const { compile } = await import('millrace/compiler');
  const { tensorflowEngine, wasmEngine } = await import('millrace/runtime');
  const { module } = compile(await pipelineOf(task), { name: 'bench' });
  const { on = 'wasm', ...others } = options;
  const engine = on === 'tensorflow' ? tensorflowEngine(others) : wasmEngine(others);
  const session = await engine.load(module);
  session.write('§seed', [7, 0]);
  session.program('init').run(1);
  const params = module.state.filter(({ role }) => role === 'param');
  if (params.length !== task.weights.length) throw new Error('the task has other weights than the pipeline');
  for (const [i, { id, shape }] of params.entries()) {
    const { shape: given, values } = task.weights[i];
    if (`${shape}` !== `${given}`) throw new Error(`${id} is [${shape}], the task's weight [${given}]`);
    session.write(id, values);
  }
  return session;
}

/** `step()` trains on the batch and gives the loss. */
export async function engineStep(task, options) {
  const session = await loaded(task, options);
  const program = session.program('step');
  // Until its threads are up, the engine works alone.
  if (options.threads > 1) await setTimeout(400);
  for (const [name, { values }] of Object.entries(task.columns)) program.inputs[name].set(values);
  const loss = program.outputs.loss;
  const { batch } = task;
  const step = () => {
    program.run(batch);
    return loss[0];
  };
  return { step, close: () => session.dispose() };
}
