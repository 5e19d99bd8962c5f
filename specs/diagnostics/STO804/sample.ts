import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arrays, dense, meanSquaredError, pipeline, sgd, vector } from 'millrace';
import { checkpoint, train } from 'millrace/runtime';

const rows = arrays({ x: vector(2), y: vector(1) }, { x: [[1, 2]], y: [[3]] });
const layer = dense(1);
const line = pipeline({
  data: rows.batch(1),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});

export default async () => {
  const directory = await mkdtemp(join(tmpdir(), 'run-'));
  await train(line, { hooks: [checkpoint(directory)] }).finished;
  return train(line, { hooks: [checkpoint(directory)] }).finished;
};
