/** Finds the slope and the intercept of a line under noise. */
import { add, arrays, float, meanSquaredError, multiply, param, pipeline, sgd, split } from 'millrace';

const places = Array.from({ length: 200 }, (_, i) => i);
const xs = places.map((i) => i / 100 - 1);
/** The noise depends on nothing but the place, so that the example is the same everywhere. */
const ys = xs.map((x, i) => 3 * x - 0.5 + 0.1 * Math.sin(i * 12.9898));
const points = arrays({ x: float, y: float }, { x: xs, y: ys });
const { train, test } = split(points.shuffle(), { train: 0.8, test: 0.2 });

const slope = param([]);
const intercept = param([]);

export const line = pipeline({
  data: train.batch(20),
  validation: test.batch(40),
  model: ({ x }) => add(multiply(slope, x), intercept),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd({ learningRate: 0.1 }),
});
