import {
  arrays,
  embedding,
  fittedCategory,
  float,
  meanSquaredError,
  pipeline,
  program,
  sgd,
  squeeze,
} from 'millrace';

const words = fittedCategory({ size: 100 });
const rows = arrays({ word: words, y: float }, { word: ['a', 'b'], y: [1, 2] });
const place = embedding(100, 1);

export const line = pipeline({
  data: rows.batch(8),
  model: ({ word }) => squeeze(place(word), { axis: 1 }),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
  programs: { score: program({ word: words }, ({ word }) => place(word)) },
});
