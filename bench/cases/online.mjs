/** Learning from one row at a time: what a row costs in the engine, and through the runtime. */
import { contestantsOf } from '../contestants.mjs';
import { atLeast } from '../target.mjs';
import { rateText } from '../text.mjs';

const rows = 20_000;
const features = 100;

/** Rows as they come from somewhere: objects, one after the other. */
function* live() {
  const x = Float32Array.from({ length: features }, (_, i) => Math.sin(i) / 2);
  for (let i = 0; i < rows; i++) yield { x, label: [i % 2] };
}

async function runOf(kind) {
  const { arrays, binaryCrossentropy, dense, from, pipeline, sgd, vector } = await import('millrace');
  const { compile } = await import('millrace/compiler');
  const { train } = await import('millrace/runtime');
  const schema = { x: vector(features), label: vector(1) };
  const inMemory = () =>
    arrays(schema, {
      x: Float32Array.from({ length: rows * features }, (_, i) => Math.sin(i % 4097) / 2),
      label: Float32Array.from({ length: rows }, (_, i) => i % 2),
    });
  const model = dense(1);
  const learner = pipeline({
    data: (kind === 'live' ? from(schema, live, { overflow: 'block' }) : inMemory()).batch(1),
    model: ({ x }) => model(x),
    loss: (logits, { label }) => binaryCrossentropy(label, logits, { fromLogits: true }),
    optimizer: sgd({ learningRate: 0.01 }),
  });
  const compiled = compile(learner);
  return async () => {
    const run = train(learner, { compiled, epochs: 1 });
    let seen = 0;
    let start = 0;
    run.events$.subscribe((event) => {
      if (event.type === 'batchFinished') seen += event.loss;
      else if (event.type === 'epochStarted') start = performance.now();
    });
    const { model: trained } = await run.finished;
    const microseconds = ((performance.now() - start) * 1000) / rows;
    trained.dispose();
    return { microseconds, result: seen };
  };
}

function throughRuntime(id, name, kind) {
  return {
    id,
    name,
    open: async () => {
      const sample = await runOf(kind);
      await sample();
      return { sample };
    },
  };
}

export const online = {
  name: 'online',
  title: `logistic regression of ${features} features, a row at a time: an update`,
  unit: (microseconds) => rateText(microseconds, 'updates'),
  contestants: async () => {
    const [ours, ...peers] = contestantsOf('online');
    return [
      ours,
      throughRuntime('arrays', 'through the runtime, one subscriber, rows in memory', 'arrays'),
      throughRuntime('live', 'through the runtime, one subscriber, a live source', 'live'),
      ...peers,
    ];
  },
  targets: (time) => [
    atLeast('≥ 500,000 updates/s in the engine', 1e6 / time('ours'), 500_000, ' updates/s'),
  ],
};
