import { mkdtempSync } from 'node:fs';
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
  optimizer: sgd(),
});

export default async () => {
  const { MILLRACE_TENSORFLOW: before } = process.env;
  process.env.MILLRACE_TENSORFLOW = mkdtempSync(join(tmpdir(), 'nothing-'));
  try {
    await train(line, { engine: 'wasm' }).finished;
  } finally {
    if (before === undefined) delete process.env.MILLRACE_TENSORFLOW;
    else process.env.MILLRACE_TENSORFLOW = before;
  }
};
