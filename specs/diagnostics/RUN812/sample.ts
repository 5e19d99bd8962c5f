import { dense, meanSquaredError, pipeline, program, rows, sgd, vector } from 'millrace';
import { train } from 'millrace/runtime';

const points = rows({ x: vector(2), y: vector(1) }, [{ x: [1, 2], y: [3] }]);
const layer = dense(1);
const line = pipeline({
  data: points.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
  programs: { answer: program({ z: vector(2) }, ({ z }) => layer(z)) },
});

export default async () => {
  const { model } = await train(line).finished;
  return model.run('anwser' as 'answer', [{ z: [1, 2] }]);
};
