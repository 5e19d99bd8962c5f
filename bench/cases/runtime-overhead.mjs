/** What the runtime adds to the bare engine on the MNIST example: events to one subscriber, data, time slices. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { atMost } from '../target.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The example as JavaScript, within the package so that it may import it by name. */
async function mnist() {
  const { ts } = await import('ts-morph');
  const folder = `${root}dist/bench`;
  mkdirSync(folder, { recursive: true });
  const source = readFileSync(`${root}examples/mnist.ts`, 'utf8');
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  writeFileSync(`${folder}/mnist.mjs`, ts.transpileModule(source, { compilerOptions: options }).outputText);
  const example = await import(pathToFileURL(`${folder}/mnist.mjs`).href);
  rmSync(folder, { recursive: true });
  return example.mnist;
}

/** An epoch of the engine alone, on the first rows over and over: batches as the runtime cuts them, nothing around. */
async function bare(engine, compiled, { rows, size }) {
  let source = rows.stage;
  while (source.parents[0]) source = source.parents[0];
  const { columns } = source.args;
  const session = await engine.load(compiled.module);
  session.write('§seed', [7, 0]);
  const program = session.program('step');
  program.inputs.pixels.set(columns.pixels.subarray(0, size * 784));
  program.inputs.digit.set(columns.digit.slice(0, size));
  const total = Math.round((columns.digit.length * 4) / 5);
  const loss = program.outputs.loss;
  const sample = () => {
    // From the beginning each time, as a run does: on a batch that is learnt by heart, gradients become denormal and slow.
    session.program('init').run(1);
    let sum = 0;
    let steps = 0;
    const start = performance.now();
    for (let row = 0; row < total; row += size, steps++) {
      program.run(Math.min(size, total - row));
      sum += loss[0];
    }
    return { microseconds: ((performance.now() - start) * 1000) / steps, result: sum };
  };
  sample();
  return { sample: async () => sample() };
}

/** The second epoch of a run; the first one warms up. Validation is no part of the loop that is measured. */
async function ran(train, pipeline, compiled, options) {
  const run = train(pipeline, { ...options, compiled, epochs: 2, evaluateEvery: 3 });
  let seen = 0;
  let steps = 0;
  let start = 0;
  let microseconds = 0;
  run.events$.subscribe((event) => {
    if (event.type === 'batchFinished') {
      seen += event.loss;
      steps++;
    } else if (event.type === 'epochStarted') {
      start = performance.now();
      steps = 0;
    } else if (event.type === 'epochFinished') microseconds = ((performance.now() - start) * 1000) / steps;
  });
  const { model } = await run.finished;
  model.dispose();
  return { microseconds, result: seen };
}

export const runtimeOverhead = {
  name: 'runtime',
  title: 'a step of the MNIST example: the bare engine loop, and the runtime with a subscriber',
  targets: (time) => [
    atMost('the runtime ≤ 1.1× the bare engine, one thread each', time('runtime') / time('bare'), 1.1, '×'),
  ],
  contestants: async () => {
    const [{ train, wasmEngine }, { compile }, pipeline] = await Promise.all([
      import('millrace/runtime'),
      import('millrace/compiler'),
      mnist(),
    ]);
    const compiled = compile(pipeline);
    const runtime = (id, name, options) => ({
      id,
      name: `the runtime, one subscriber, ${name}`,
      open: async () => ({ sample: () => ran(train, pipeline, compiled, options) }),
    });
    return [
      {
        id: 'bare',
        name: 'the bare engine, one thread',
        open: () => bare(wasmEngine({ threads: 1 }), compiled, pipeline.definition.data),
      },
      runtime('runtime', 'one thread', { threads: 1 }),
      runtime('automatic', 'threads as it sees fit', {}),
    ];
  },
};
