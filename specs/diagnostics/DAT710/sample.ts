import { dense, from, meanSquaredError, pipeline, sgd, vector } from 'millrace';
import { train } from 'millrace/runtime';
import { interval, map } from 'rxjs';

const readings = interval(1).pipe(map((tick) => ({ x: [tick, 1], y: [2 * tick] })));
const points = from({ x: vector(2), y: vector(1) }, readings);
const layer = dense(1);
const line = pipeline({
  data: points.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});

export default () => train(line, { steps: 2 }).finished;
