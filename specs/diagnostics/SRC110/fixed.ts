import { arrays, dense, meanSquaredError, pipeline, sequential, sgd, vector } from 'millrace';

const rows = arrays({ x: vector(4), y: vector(1) }, { x: [[1, 2, 3, 4]], y: [[1]] });
const widths = { first: 8, last: 1 };
const layers = () => {
  const made = [];
  for (const width of Object.values(widths)) made.push(dense(width));
  return made;
};
const layer = sequential(...layers());

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
