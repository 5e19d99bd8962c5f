import { arrays, dense, meanSquaredError, pipeline, sgd, vector } from 'millrace';

const rows = arrays({ x: vector(4), z: vector(1), y: vector(1) }, { x: [[1, 2, 3, 4]], z: [[1]], y: [[1]] });
const layer = dense(1);

export const line = pipeline({
//                  ^^^^^^^^^^ LNT901
  data: rows.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
