import { add, arrays, matmul, meanSquaredError, param, pipeline, sgd, vector } from 'millrace';

const rows = arrays({ x: vector(4), y: vector(1) }, { x: [[1, 2, 3, 4]], y: [[1]] });
const weights = param([4, 1]);
const bias = param([2, 3]);

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => add(matmul(x, weights), bias),
  //                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ SHP202
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
