/** Reads handwritten digits as a sequence of patches: a small vision transformer, on the digits of `mnist`. */
import { createRequire } from 'node:module';
import type { Tensor } from 'millrace';
import {
  adam,
  add,
  arrays,
  dense,
  dropout,
  gelu,
  int,
  layerNormalization,
  mean,
  multiHeadAttention,
  pipeline,
  positionEmbedding,
  reshape,
  sequential,
  sparseCategoricalAccuracy,
  sparseCategoricalCrossentropy,
  split,
  transpose,
  vector,
} from 'millrace';

/** For each digit from 0 to 9: its images of 28 × 28 brightnesses from 0 to 1, one after the other. */
const digits: readonly { readonly raw: readonly number[] }[] = createRequire(import.meta.url)('mnist');
const pixels = Float32Array.from(digits.flatMap(({ raw }) => raw));
const labels = digits.flatMap(({ raw }, digit) => Array.from({ length: raw.length / 784 }, () => digit));

const images = arrays({ pixels: vector(784), digit: int }, { pixels, digit: labels });
const { train, test } = split(images.shuffle(), { train: 0.8, test: 0.2 });

const width = 64;

/** An image as 4 × 4 patches of 7 × 7 pixels: [B, 784] → [B, 16, 49]. */
function patches(image: Tensor): Tensor {
  const grid = transpose(reshape(image, ['B', 4, 7, 4, 7]), { axes: [0, 1, 3, 2, 4] });
  return reshape(grid, ['B', 16, 49]);
}

/** Attention, then two layers at each place; either reads a normalised x and adds to x what it finds. */
function block() {
  const attention = multiHeadAttention(4, width / 4);
  const attentionNorm = layerNormalization();
  const think = sequential(
    layerNormalization(),
    dense(2 * width, { activation: gelu }),
    dropout(0.1),
    dense(width),
  );
  return (x: Tensor): Tensor => {
    const normal = attentionNorm(x);
    const seen = add(x, attention(normal, normal));
    return add(seen, think(seen));
  };
}

const project = dense(width);
const place = positionEmbedding(16);
const look = sequential(block(), block(), layerNormalization());
const decide = dense(10);

export const vit = pipeline({
  data: train.batch(64),
  validation: test.batch(100),
  model: ({ pixels }) => {
    const tokens = project(patches(pixels));
    return decide(mean(look(add(tokens, place(tokens))), { axis: 1 }));
  },
  loss: (logits, { digit }) => sparseCategoricalCrossentropy(digit, logits, { fromLogits: true }),
  metrics: { accuracy: (logits, { digit }) => sparseCategoricalAccuracy(digit, logits) },
  optimizer: adam({ learningRate: 0.001 }),
});
