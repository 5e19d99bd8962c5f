/**
 * Tells three kinds of penguin apart by a wide and a deep part, each with an optimizer of its own (Cheng et al. 2016). The
 * wide part remembers crosses of categories; the deep part generalises from measures. Data: Gorman, Williams, Fraser 2014.
 */
import {
  adam,
  add,
  category,
  csv,
  dense,
  divide,
  float,
  multiply,
  oneHot,
  pipeline,
  relu,
  sequential,
  sgd,
  sparseCategoricalAccuracy,
  sparseCategoricalCrossentropy,
  split,
  stack,
  subtract,
} from 'millrace';

const penguins = csv(new URL('./penguins.csv', import.meta.url), {
  beakLength: float,
  beakDepth: float,
  flipperLength: float,
  bodyMass: float,
  island: category('Biscoe', 'Dream', 'Torgersen'),
  sex: category('female', 'male'),
  species: category('Adelie', 'Chinstrap', 'Gentoo'),
});
const { train, test } = split(penguins.shuffle(), { train: 0.8, test: 0.2 });

const wide = dense(3, { name: 'wide', useBias: false });
const deep = sequential(dense(16, { activation: relu }), dense(16, { activation: relu }), dense(3));
/** What a measure usually is, and how far it strays from that. */
const measures = { usual: [44, 17, 200, 4200], spread: [5.5, 2, 14, 800] };

export const wideAndDeep = pipeline({
  data: train.batch(16),
  validation: test.batch(64),
  model: ({ beakLength, beakDepth, flipperLength, bodyMass, island, sex }) => {
    const given = [beakLength, beakDepth, flipperLength, bodyMass];
    const scaled = given.map((x, i) => divide(subtract(x, measures.usual[i]!), measures.spread[i]!));
    // Each island and sex together is one of six cases.
    const cross = oneHot(add(multiply(island, 2), sex), 6);
    return add(wide(cross), deep(stack(scaled)));
  },
  objectives: {
    wide: {
      parameters: wide,
      weight: 0.5,
      loss: (logits, { species }) => sparseCategoricalCrossentropy(species, logits, { fromLogits: true }),
      optimizer: sgd({ learningRate: 0.2, momentum: 0.9 }),
    },
    deep: {
      parameters: deep,
      weight: 0.5,
      loss: (logits, { species }) => sparseCategoricalCrossentropy(species, logits, { fromLogits: true }),
      optimizer: adam({ learningRate: 0.01 }),
    },
  },
  metrics: { accuracy: (logits, { species }) => sparseCategoricalAccuracy(species, logits) },
});
