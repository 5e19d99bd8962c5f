import { dense, float, meanSquaredError, pipeline, rows, sgd, stack } from 'millrace';

const points = rows({ x: float, y: float }, [{ x: 1, y: 2 }]);
const layer = dense(1);

export const line = pipeline({
  data: points.batch(1),
  model: ({ x }) => layer(stack([x])),
  loss: (out, { y }) => meanSquaredError(stack([y]), out),
  optimizer: sgd(),
});
