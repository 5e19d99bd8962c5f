import { arrays, dense, meanSquaredError, pipeline, sgd, softmax, vector } from 'millrace';

const rows = arrays({ x: vector(4), y: vector(4) }, { x: [[1, 2, 3, 4]], y: [[1, 0, 0, 0]] });
const layer = dense(4);

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => softmax(layer(x), { axis: 1 }),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
