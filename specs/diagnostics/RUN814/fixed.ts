import { dense, meanSquaredError, pipeline, rows, sgd, vector } from 'millrace';
import { publish, train } from 'millrace/runtime';

const points = rows({ x: vector(2), y: vector(1) }, [{ x: [1, 2], y: [3] }]);
const layer = dense(1);
const line = pipeline({
  data: points.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});

export default async () => {
  const run = train(line, { epochs: 3, hooks: [publish({ every: 'epoch' })] });
  await run.serving.ready();
  const { version, answer } = run.serving.predict({ x: [1, 2] });
  await run.finished;
  return { version, answer };
};
