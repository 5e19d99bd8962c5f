import { arrays, dense, expandDims, int, meanSquaredError, multiply, pipeline, sgd, vector } from 'millrace';

const rows = arrays({ x: vector(4), z: int, y: vector(1) }, { x: [[1, 2, 3, 4]], z: [1], y: [[1]] });
const layer = dense(1);

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x, z }) => multiply(layer(x), expandDims(z, { axis: -1 })),
  //                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DTY302
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
