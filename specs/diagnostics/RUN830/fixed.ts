import { dense, meanSquaredError, pipeline, rows, sgd, vector } from 'millrace';
import { adwin, driftDetection, train } from 'millrace/runtime';

const points = rows({ x: vector(2), y: vector(1) }, [{ x: [1, 2], y: [3] }]);
const layer = dense(1);
const line = pipeline({
  data: points.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});

const watch = driftDetection({ monitor: 'loss', detector: adwin() });

export default () => train(line, { hooks: [watch], seed: 1 }).finished;
