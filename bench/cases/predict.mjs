/** One answer at a time, of the iris model: all that a service does for a request that asks about a single flower. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loaded } from '../engine-step.mjs';
import { looped } from '../looped.mjs';
import { nodePeer } from '../peer.mjs';
import { atLeast } from '../target.mjs';
import { writeTask } from '../task-files.mjs';
import { denseTask } from '../tasks.mjs';

const columns = ['sepalLength', 'sepalWidth', 'petalLength', 'petalWidth'];
const flower = { sepalLength: 5.1, sepalWidth: 3.5, petalLength: 1.4, petalWidth: 0.2 };

/** The example's model, trained on nothing much: its speed does not depend on its weights. */
async function trained() {
  const language = await import('millrace');
  const { adam, dense, float, int, pipeline, relu, rows, sequential, stack } = language;
  const { sparseCategoricalCrossentropy } = language;
  const { train } = await import('millrace/runtime');
  const classifier = sequential(dense(10, { activation: relu }), dense(10, { activation: relu }), dense(3));
  const iris = pipeline({
    data: rows({ ...Object.fromEntries(columns.map((name) => [name, float])), species: int }, [
      { ...flower, species: 0 },
    ]).batch(16),
    model: (row) => classifier(stack(columns.map((name) => row[name]))),
    loss: (logits, { species }) => sparseCategoricalCrossentropy(species, logits, { fromLogits: true }),
    optimizer: adam({ learningRate: 0.01 }),
  });
  return (await train(iris, { epochs: 1 }).finished).model;
}

/** The weights of a saved model, in order: safetensors are a length, a header of JSON, and the numbers. */
async function weightsOf(model) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  try {
    await model.save(folder);
    const weights = readdirSync(folder).find((name) => name.startsWith('weights-'));
    const bytes = readFileSync(join(folder, weights));
    const length = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString('utf8'));
    return ['dense', 'dense_1', 'dense_2'].flatMap((layer, i) =>
      ['kernel', 'bias'].map((part) => {
        const { shape, data_offsets } = header[`${layer}.${part}`];
        const [from, to] = data_offsets.map((offset) => 8 + length + offset);
        const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to));
        return { name: `dense.${i}.${part}`, shape, values: numbers };
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

export const predict = {
  name: 'predict',
  title: 'an answer for one row of the iris model, 4-10-10-3',
  contestants: async () => {
    const model = await trained();
    const task = { ...denseTask([4, 10, 10, 3], 1, 0.01), weights: await weightsOf(model) };
    task.columns.x.values.set(columns.map((name) => flower[name]));
    return [
      {
        id: 'ours',
        name: 'Millrace, model.predict([row])',
        open: async () => ({
          ...(await looped(() => sum(model.predict([flower])[0]))),
          close: () => model.dispose(),
        }),
      },
      {
        id: 'engine',
        name: 'Millrace, the bare engine',
        open: async () => {
          const session = await loaded(task);
          const program = session.program('predict');
          const answer = program.outputs.outputs;
          const { values } = task.columns.x;
          return looped(() => {
            program.inputs.x.set(values);
            program.run(1);
            return answer[0] + answer[1] + answer[2];
          });
        },
      },
      nodePeer({
        id: 'onnx',
        name: 'onnxruntime-node, one thread',
        script: 'onnx.mjs',
        needs: 'onnxruntime-node',
        task: () => writeTask('predict', task),
      }),
    ];
  },
  targets: (time) => [
    atLeast('model.predict ≥ 5× faster than onnxruntime-node', time('onnx') / time('ours'), 5, '×'),
  ],
};
