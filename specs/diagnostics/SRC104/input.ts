import { arrays, dense, meanSquaredError, pipeline, sgd, vector } from 'millrace';
import { readings } from 'some-sensors';
//                       ^^^^^^^^^^^^^^ SRC104

const rows = arrays({ x: vector(4), y: vector(1) }, readings);
const layer = dense(1);

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
