import { arrays, dense, meanSquaredError, pipeline, sgd, vector } from 'millrace';

const rows = arrays({ x: vector(4), y: vector(1) }, { x: [[1, 2, 3, 4]], y: [[1]] });
const layer = dense(1);
const unused = dense(1, { useBias: false });

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => ({ answer: layer(x), other: unused(x) }),
  //                                            ^^^^^^^^^ GRD402
  loss: ({ answer }, { y }) => meanSquaredError(y, answer),
  optimizer: sgd(),
});
