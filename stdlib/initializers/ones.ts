/** Parameters that start at 1. */
import { defineInitializer } from '../../compiler/op/define-initializer.ts';
import { constant } from './constant.ts';

/** 1 everywhere. */
export const ones = defineInitializer('ones', () => constant(1), {
  examples: [{ of: [], mean: 1, variance: 0 }],
  options: {},
});
