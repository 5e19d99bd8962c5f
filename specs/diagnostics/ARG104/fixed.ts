import type { Tensor } from 'millrace';
import { arrays, dense, meanSquaredError, pipeline, relu, sgd, vector } from 'millrace';

const rows = arrays({ x: vector(4), y: vector(1) }, { x: [[1, 2, 3, 4]], y: [[1]] });
/** A function whose arguments the compiler of TypeScript does not see. */
const make = dense as (...all: unknown[]) => (x: Tensor) => Tensor;
const layer = make(1, { activation: relu });

export const line = pipeline({
  data: rows.batch(8),
  model: ({ x }) => layer(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
