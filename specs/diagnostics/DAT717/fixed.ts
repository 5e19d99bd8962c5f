import { dense, from, meanSquaredError, pipeline, sgd, split, vector } from 'millrace';
import { train } from 'millrace/runtime';
import { interval, map } from 'rxjs';

const readings = interval(1).pipe(map((i) => ({ x: [i, 1], y: [2 * i] })));
const points = from({ x: vector(2), y: vector(1) }, readings, { overflow: 'dropOldest' });
const parts = split(points, { train: 0.8, test: 0.2 }, { by: ({ x }) => String(x) });
const layer = dense(1);
const line = pipeline({
  data: parts.train.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd({ learningRate: 1e-4 }),
});

export default () => train(line, { steps: 2 }).finished;
