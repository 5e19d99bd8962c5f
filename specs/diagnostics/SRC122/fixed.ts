import { readFileSync } from 'node:fs';
import { dense, meanSquaredError, pipeline, rows, sgd, vector } from 'millrace';

const text = readFileSync(new URL('./measured.json', import.meta.url), 'utf8');
const points = rows({ x: vector(4), y: vector(1) }, JSON.parse(text));
const layer = dense(1);

export const line = pipeline({
  data: points.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
