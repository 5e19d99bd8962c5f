/** Glorot's normal distribution, for layers without a rectifier. */
import { defineInitializer } from '../../compiler/op/define/define-initializer.ts';
import { varianceScaling } from './varianceScaling.ts';

/** Truncated normal with standard deviation √(2 / (fanIn + fanOut)) (Glorot & Bengio 2010). */
export const glorotNormal = defineInitializer('glorotNormal', () => varianceScaling({ mode: 'fanAverage' }), {
  options: {},
  examples: [{ of: [], mean: 0, variance: 2 / 300 }],
});
