import { csv, dense, expandDims, float, meanSquaredError, pipeline, sgd, stack } from 'millrace';
import { train } from 'millrace/runtime';

const points = csv(new URL('./mended.csv', import.meta.url), { a: float, b: float, y: float });
const layer = dense(1);
const line = pipeline({
  data: points.batch(8),
  model: ({ a, b }) => layer(stack([a, b])),
  loss: (predicted, { y }) => meanSquaredError(expandDims(y, { axis: -1 }), predicted),
  optimizer: sgd(),
});

export default () => train(line).finished;
