/** The tasks as pipelines, and their step on an engine without a runtime around it. */
import { batchOf, tasks } from './tasks.mjs';

/** A pipeline that trains on one batch over and over. */
export async function pipelineOf(name) {
  const task = tasks[name];
  const { adam, arrays, dense, int, pipeline, relu, sequential, sparseCategoricalCrossentropy, vector } =
    await import('millrace');
  const { layers, batch, learningRate } = task;
  const { inputs, labels } = batchOf(task);
  const widths = layers.slice(1);
  const model = sequential(
    ...widths.map((units, i) => dense(units, i < widths.length - 1 ? { activation: relu } : {})),
  );
  return pipeline({
    data: arrays({ x: vector(layers[0]), label: int }, { x: inputs, label: labels }).batch(batch),
    model: ({ x }) => model(x),
    loss: (logits, { label }) => sparseCategoricalCrossentropy(label, logits, { fromLogits: true }),
    optimizer: adam({ learningRate }),
  });
}

/** The step of a task, ready to run: `step()` trains on the batch and gives the loss. */
export async function engineStep(name) {
  const { compile } = await import('millrace/compiler');
  const { wasm } = await import('../dist/runtime/engines/wasm/index.js');
  const task = tasks[name];
  const session = await wasm.load(compile(await pipelineOf(name), { name }));
  session.write('run.seed', [7, 0]);
  session.program('init').run(1);
  const program = session.program('step');
  const { inputs, labels } = batchOf(task);
  program.inputs.x.set(inputs);
  program.inputs.label.set(labels);
  const loss = program.outputs.loss;
  return () => {
    program.run(task.batch);
    return loss[0];
  };
}

/** As many steps as fill a sample. */
export function looped(step, milliseconds = 300) {
  const timed = (count) => {
    const start = performance.now();
    let sum = 0;
    for (let i = 0; i < count; i++) sum += step();
    return { microseconds: ((performance.now() - start) * 1000) / count, result: sum };
  };
  timed(20);
  const { microseconds } = timed(20);
  const count = Math.max(5, Math.round((milliseconds * 1000) / microseconds));
  timed(count);
  return { sample: async () => timed(count) };
}
