import { dense, from, meanSquaredError, pipeline, sgd, spool, vector } from 'millrace';
import { interval, map } from 'rxjs';

const readings = interval(1).pipe(map((i) => ({ x: [i, 1, 2, 3], y: [i] })));
const rows = from({ x: vector(4), y: vector(1) }, readings, { overflow: spool('journal') });
const layer = dense(1);

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
