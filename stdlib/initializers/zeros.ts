/** Parameters that start at 0. */
import { defineInitializer } from '../../compiler/op/define-initializer.ts';
import { constant } from './constant.ts';

/** 0 everywhere. */
export const zeros = defineInitializer('zeros', () => constant(0), {
  examples: [{ of: [], mean: 0, variance: 0 }],
  options: {},
});
