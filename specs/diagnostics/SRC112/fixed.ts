import { arrays, dense, greater, meanSquaredError, pipeline, sgd, vector, where } from 'millrace';

const rows = arrays({ x: vector(4), y: vector(1) }, { x: [[1, 2, 3, 4]], y: [[1]] });
const layer = dense(1);

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => where(greater(layer(x), 0), layer(x), 0),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
