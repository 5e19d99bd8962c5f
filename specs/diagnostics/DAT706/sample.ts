import { cast, category, csv, dense, expandDims, float, meanSquaredError, pipeline, sgd } from 'millrace';
import { train } from 'millrace/runtime';

const points = csv(new URL('./points.csv', import.meta.url), { a: float, y: category('low', 'high') });
const layer = dense(1);
const line = pipeline({
  data: points.batch(8),
  model: ({ a }) => layer(expandDims(a, { axis: -1 })),
  loss: (predicted, { y }) => meanSquaredError(expandDims(cast(y, 'float32'), { axis: -1 }), predicted),
  optimizer: sgd(),
});

export default () => train(line).finished;
