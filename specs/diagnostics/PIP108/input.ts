import { arrays, dense, meanSquaredError, pipeline, program, sgd, vector } from 'millrace';
import type { Tensor } from 'millrace';

const rows = arrays({ x: vector(4), y: vector(1) }, { x: [[1, 2, 3, 4]], y: [[1]] });
const layer = dense(1);
const seen: Tensor[] = [];

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => {
    seen.push(x);
    return layer(x);
  },
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
  programs: { again: program({ z: vector(4) }, () => layer(seen[0]!)) },
//                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PIP108
});
