/** He's normal distribution, for layers with a rectifier. */
import { defineInitializer } from '../../compiler/op/define/define-initializer.ts';
import { varianceScaling } from './varianceScaling.ts';

/** Truncated normal with standard deviation √(2 / fanIn) (He et al. 2015). */
export const heNormal = defineInitializer('heNormal', () => varianceScaling({ scale: 2 }), {
  options: {},
  examples: [{ of: [], mean: 0, variance: 2 / 100 }],
});
