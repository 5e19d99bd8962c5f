import { arrays, dense, from, meanSquaredError, pipeline, sgd, vector } from 'millrace';

const columns = { x: vector(4), y: vector(1) };
const rows = arrays(columns, { x: [[1, 2, 3, 4]], y: [[1]] });
const readings = from(columns, async function* () {
  for (;;) yield { x: [1, 2, 3, 4], y: [1] };
});
const layer = dense(1);

export const line = pipeline({
//                  ^^^^^^^^^^ LNT903
  data: rows.batch(8),
  validation: readings.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
