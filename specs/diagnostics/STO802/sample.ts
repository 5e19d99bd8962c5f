import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dense, meanSquaredError, pipeline, rows, sgd, vector } from 'millrace';
import { train } from 'millrace/runtime';

const points = rows({ x: vector(2), y: vector(1) }, [{ x: [1, 2], y: [3] }]);
const layer = dense(1);
const line = pipeline({
  data: points.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd({ learningRate: 1e30 }),
});

export default async () => {
  const directory = await mkdtemp(join(tmpdir(), 'model-'));
  const { model } = await train(line, { epochs: 9, nanGuard: false }).finished;
  await model.save(directory);
};
