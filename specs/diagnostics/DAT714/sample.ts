import { category, dense, meanSquaredError, pipeline, rows, sgd, vector } from 'millrace';
import { train } from 'millrace/runtime';

const points = rows({ text: category('1 2', '3 4'), y: vector(1) }, [{ text: '3 4', y: [3] }]).map(
  { x: vector(2), y: vector(1) },
  ({ text, y }) => {
    if (!text.startsWith('1')) throw new Error('this is no first row');
    return { x: text.split(' ').map(Number), y };
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
