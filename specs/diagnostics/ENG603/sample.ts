import { dense, meanSquaredError, pipeline, rows, sgd, vector } from 'millrace';
import { compile } from 'millrace/compiler';
import { wasm } from '../../../runtime/engines/wasm/index.ts';

const points = rows({ x: vector(2), y: vector(1) }, [{ x: [1, 2], y: [3] }]);
const layer = dense(1);
const line = pipeline({
  data: points.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});

export default async () => {
  const session = await wasm.load(compile(line).module);
  session.program('init').run(0);
  session.program('predict').run(9);
};
