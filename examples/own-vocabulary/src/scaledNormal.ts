/** Parameters that start small where many are added up. */
import { multiply } from 'millrace';
import { check, defineInitializer, random } from 'millrace/op';

/** Normally distributed around 0, with the deviation gain / √n, where n is the size of the first axis. */
export const scaledNormal = defineInitializer(
  'scaledNormal',
  (gain: number = 1) =>
    (shape) =>
      multiply(random.normal(shape), gain / Math.sqrt(shape[0] ?? 1)),
  {
    arguments: { gain: check.notNegative },
    examples: [{ of: [2], mean: 0, variance: 4 / 100, shape: [100, 10] }],
  },
);
