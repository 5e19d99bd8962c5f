import { dense, from, meanSquaredError, pipeline, sgd, vector } from 'millrace';
import { train } from 'millrace/runtime';

const measured = () => [
  { x: [0, 1], y: [0] },
  { x: [0, 99], y: [1] },
];
const inRange = {
  '~standard': {
    version: 1,
    vendor: 'sample',
    validate: (row: unknown) => {
      const value = row as { readonly x: number[]; readonly y: number[] };
      return value.x.every((x) => x < 10)
        ? { value }
        : { issues: [{ message: 'beyond the range of the sensor', path: ['x'] }] };
    },
  },
} as const;
const points = from({ x: vector(2), y: vector(1) }, measured, { validate: inRange });
const layer = dense(1);
const line = pipeline({
  data: points.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});

export default () => train(line, { epochs: 1 }).finished;
