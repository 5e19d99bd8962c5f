import { dense, meanSquaredError, pipeline, rows, sgd, vector } from 'millrace';
import { serve, train } from 'millrace/runtime';

const points = rows({ x: vector(2), y: vector(1) }, [{ x: [1, 2], y: [3] }]);
const layer = dense(1);
const line = pipeline({
  data: points.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});

export default async () => {
  const { model } = await train(line).finished;
  const server = await serve({ model, host: '192.0.2.1', port: 8080 });
  await server.close();
};
