import { dense, from, meanSquaredError, pipeline, sgd, vector } from 'millrace';
import { train } from 'millrace/runtime';

function* clicks() {
  yield { x: [0, 1], y: [0] };
}
const points = from({ x: vector(2), y: vector(1) }, clicks);
const layer = dense(1);
const line = pipeline({
  data: points.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});

export default () => train(line, { epochs: 1 }).finished;
