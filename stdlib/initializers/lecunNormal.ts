/** LeCun's normal distribution, for self-normalising layers. */
import { defineInitializer } from '../../compiler/op/define/define-initializer.ts';
import { varianceScaling } from './varianceScaling.ts';

/** Truncated normal with standard deviation √(1 / fanIn) (LeCun et al. 1998). */
export const lecunNormal = defineInitializer('lecunNormal', () => varianceScaling(), {
  options: {},
  examples: [{ of: [], mean: 0, variance: 1 / 100 }],
});
