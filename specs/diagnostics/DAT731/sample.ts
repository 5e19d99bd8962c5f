import { dense, from, meanSquaredError, pipeline, sgd, vector } from 'millrace';
import { train } from 'millrace/runtime';
import { kafkaTopic } from 'millrace/sources';

const clicks = kafkaTopic<{ x: number[]; y: number[] }>({
  brokers: ['127.0.0.1:9092'],
  topic: 'clicks',
  group: 'trainer',
});
const points = from({ x: vector(2), y: vector(1) }, clicks);
const layer = dense(1);
const line = pipeline({
  data: points.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});

export default () => train(line, { epochs: 1 }).finished;
