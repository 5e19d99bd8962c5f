import { arrays, dense, meanSquaredError, pipeline, sequential, sgd, vector } from 'millrace';

const rows = arrays({ x: vector(4), y: vector(1) }, { x: [[1, 2, 3, 4]], y: [[1]] });
const layer = sequential(dense(8), dense(1));

const line = pipeline({
//           ^^^^^^^^ LNT904
  data: rows.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});

export const models = { line };
