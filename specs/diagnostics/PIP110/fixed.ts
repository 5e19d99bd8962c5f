import { arrays, dense, meanSquaredError, normalization, pipeline, sgd, vector } from 'millrace';

const rows = arrays({ x: vector(4), y: vector(1) }, { x: [[1, 2, 3, 4]], y: [[1]] });
const hidden = dense(8);
const scaled = normalization();
const last = dense(1);

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => last(hidden(scaled(x))),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
