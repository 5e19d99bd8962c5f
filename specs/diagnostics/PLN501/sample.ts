import { arrays, defineOp, dense, mean, meanSquaredError, pipeline, sgd, vector } from 'millrace';
import { train } from 'millrace/runtime';

const rows = arrays({ x: vector(4), y: vector(1) }, { x: [[1, 2, 3, 4]], y: [[1]] });
const layer = dense(1);
/** As many rows of zeros after the rows as there are rows. */
const lengthened = defineOp({
  name: 'lengthened',
  kind: 'move',
  inputs: { x: { accepts: ['float32'] } },
  type: () => ({ dtype: 'float32', shape: ['2*B'] }),
  movement: () => ({ as: 'place', fill: 0, starts: [[0]] }),
  gradient: { none: 'it is used in a metric only' },
});

const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  metrics: { error: (predicted, { y }) => mean(lengthened(meanSquaredError(y, predicted))) },
  optimizer: sgd(),
});

export default () => train(line, { steps: 1 }).finished;
