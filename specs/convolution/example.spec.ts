/** The convolutional example learns: few steps, so that it stays quick. */
import { train } from 'millrace/runtime';
import { expect, test } from 'vitest';
import { cnn } from '../../examples/cnn.ts';

test('cnn reads more digits after a few steps than guessing would', async () => {
  const { validation } = await train(cnn, { steps: 60, seed: 3 }).finished;
  // Guessing gives a loss of ln 10 = 2.30 and an accuracy of 0.1.
  expect(validation!.loss).toBeLessThan(1);
  expect(validation!.metrics.accuracy).toBeGreaterThan(0.7);
}, 120_000);
