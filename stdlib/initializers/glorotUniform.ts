/** Glorot's even distribution, for layers without a rectifier. */
import { defineInitializer } from '../../compiler/op/define/define-initializer.ts';
import { varianceScaling } from './varianceScaling.ts';

/** Evenly distributed in ±√(6 / (fanIn + fanOut)) (Glorot & Bengio 2010). */
export const glorotUniform = defineInitializer(
  'glorotUniform',
  () => varianceScaling({ mode: 'fanAverage', distribution: 'uniform' }),
  { options: {}, examples: [{ of: [], mean: 0, variance: 2 / 300, reach: Math.sqrt(6 / 300) }] },
);
