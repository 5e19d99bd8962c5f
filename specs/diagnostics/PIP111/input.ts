import { dense, from, meanSquaredError, normalization, pipeline, sgd, vector } from 'millrace';

function* readings() {
  for (let i = 0; ; i++) yield { x: [i, Math.sin(i)], y: [Math.cos(i)] };
}

const rows = from({ x: vector(2), y: vector(1) }, readings);
const scaled = normalization();
const last = dense(1);

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => last(scaled(x)),
//                       ^^^^^^^^^ PIP111
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
