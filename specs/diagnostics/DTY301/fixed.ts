import {
  arrays,
  cast,
  dense,
  expandDims,
  int,
  meanSquaredError,
  pipeline,
  sgd,
  sqrt,
  vector,
} from 'millrace';

const rows = arrays({ x: int, y: vector(1) }, { x: [1], y: [[1]] });
const layer = dense(1);

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => layer(expandDims(sqrt(cast(x, 'float32')), { axis: -1 })),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
