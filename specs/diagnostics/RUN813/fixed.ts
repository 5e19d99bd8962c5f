import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineOp, dense, meanSquaredError, multiply, pipeline, rows, sgd, vector } from 'millrace';
import { load, train } from 'millrace/runtime';

const halve = defineOp({
  name: 'halve',
  kind: 'map',
  inputs: { x: { accepts: ['float32'] } },
  type: ({ x }) => x,
  scalar: ({ x }) => x / 2,
  gradient: ({ dy }) => ({ x: multiply(dy, 0.5) }),
  lower: { wasm: (s, { x }) => s.mul(x, 0.5) },
  domain: { x: { kind: 'reals', min: -4, max: 4, kinks: [], except: [] } },
  examples: [[[[2, 4]], [1, 2]]],
});
const points = rows({ x: vector(2), y: vector(1) }, [{ x: [1, 2], y: [3] }]);
const layer = dense(1);
const line = pipeline({
  data: points.batch(8),
  model: ({ x }) => halve(layer(x)),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});

export default async () => {
  const directory = await mkdtemp(join(tmpdir(), 'model-'));
  const { model } = await train(line).finished;
  await model.save(directory);
  await load(directory, { vocabulary: [halve] });
};
