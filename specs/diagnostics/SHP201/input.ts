import { arrays, matmul, meanSquaredError, param, pipeline, sgd, vector } from 'millrace';

const rows = arrays({ x: vector(4), y: vector(1) }, { x: [[1, 2, 3, 4]], y: [[1]] });
const w = param([10, 1]);

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => matmul(x, w),
  //                ^^^^^^^^^^^^ SHP201
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
