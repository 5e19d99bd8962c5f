/** Tells three kinds of iris apart by the measures of their leaves. */
import {
  adam,
  category,
  csv,
  dense,
  float,
  pipeline,
  relu,
  sequential,
  sparseCategoricalAccuracy,
  sparseCategoricalCrossentropy,
  split,
  stack,
} from 'millrace';

const flowers = csv(new URL('./iris.csv', import.meta.url), {
  sepalLength: float,
  sepalWidth: float,
  petalLength: float,
  petalWidth: float,
  species: category('setosa', 'versicolor', 'virginica'),
});
const { train, test } = split(flowers.shuffle(), { train: 0.8, test: 0.2 });
const classifier = sequential(dense(10, { activation: relu }), dense(10, { activation: relu }), dense(3));

export const iris = pipeline({
  data: train.batch(16),
  validation: test.batch(30),
  model: ({ sepalLength, sepalWidth, petalLength, petalWidth }) =>
    classifier(stack([sepalLength, sepalWidth, petalLength, petalWidth])),
  loss: (logits, { species }) => sparseCategoricalCrossentropy(species, logits, { fromLogits: true }),
  metrics: { accuracy: (logits, { species }) => sparseCategoricalAccuracy(species, logits) },
  optimizer: adam({ learningRate: 0.01 }),
});
