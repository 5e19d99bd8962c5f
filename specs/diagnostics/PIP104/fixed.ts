import { add, arrays, matmul, meanSquaredError, param, pipeline, sgd, vector } from 'millrace';

const rows = arrays({ x: vector(4), y: vector(1) }, { x: [[1, 2, 3, 4]], y: [[1]] });
const weight = param([4, 1], { name: 'weight' });
const offset = param([1], { name: 'offset' });

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => add(matmul(x, weight), offset),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
