import { adam, arrays, dense, meanSquaredError, pipeline, vector } from 'millrace';

const rows = arrays({ x: vector(4), y: vector(1) }, { x: [[1, 2, 3, 4]], y: [[1]] });
const layer = dense(1, { name: 'line' });

export const line = pipeline({
//                  ^^^^^^^^^^ PIP107
  data: rows.batch(8),
  model: ({ x }) => layer(x),
  objectives: {
    near: {
      parameters: (name: string) => name.startsWith('lines.'),
      loss: (predicted, { y }) => meanSquaredError(y, predicted),
      optimizer: adam(),
    },
  },
});
