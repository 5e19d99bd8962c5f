import { arrays, dense, meanSquaredError, pipeline, sgd, vector } from 'millrace';
import type { Tensor } from 'millrace';

const rows = arrays({ x: vector(4), y: vector(1) }, { x: [[1, 2, 3, 4]], y: [[1]] });
/** A layer whose inputs the compiler of TypeScript does not see. */
const layer = dense(1) as (x: unknown) => Tensor;

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => layer({ x }),
  //                ^^^^^^^^^^^^ ARG105
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
