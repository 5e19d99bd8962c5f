import { arrays, dense, meanSquaredError, pipeline, sgd, vector } from 'millrace';
import { train } from 'millrace/runtime';

const points = arrays(
  { x: vector(2), y: vector(1) },
  {
    x: [
      [1, 2],
      [4, 5],
    ],
    y: [[3], [9]],
  },
);
const layer = dense(1);
const line = pipeline({
  data: points.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});

export default () => train(line).finished;
