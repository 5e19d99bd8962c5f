import { adam, arrays, dense, meanAbsoluteError, meanSquaredError, pipeline, sgd, vector } from 'millrace';

const rows = arrays({ x: vector(4), y: vector(1) }, { x: [[1, 2, 3, 4]], y: [[1]] });
const layer = dense(1);

export const line = pipeline({
//                  ^^^^^^^^^^ PIP106
  data: rows.batch(8),
  model: ({ x }) => layer(x),
  objectives: {
    near: { loss: (predicted, { y }) => meanSquaredError(y, predicted), optimizer: adam() },
    even: { loss: (predicted, { y }) => meanAbsoluteError(y, predicted), optimizer: sgd() },
  },
});
