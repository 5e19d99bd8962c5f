import { arrays, dense, mean, meanSquaredError, pipeline, sgd, vector } from 'millrace';
import { train } from 'millrace/runtime';

const rows = arrays({ x: vector(4), y: vector(1) }, { x: [[1, 2, 3, 4]], y: [[1]] });
const layer = dense(1);

const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  metrics: { error: (predicted, { y }) => mean(meanSquaredError(y, predicted)) },
  optimizer: sgd(),
});

export default () => train(line, { steps: 1 }).finished;
