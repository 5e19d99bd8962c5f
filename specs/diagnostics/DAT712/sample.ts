import { dense, from, meanSquaredError, pipeline, sgd, vector } from 'millrace';
import { train } from 'millrace/runtime';

function* measured() {
  for (let i = 0; i < 4; i++) yield { x: [i, 1], y: [2 * i] };
}
const points = from({ x: vector(2), y: vector(1) }, measured());
const layer = dense(1);
const line = pipeline({
  data: points.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});

export default () => train(line, { epochs: 2 }).finished;
