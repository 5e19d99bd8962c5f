/** He's even distribution, for layers with a rectifier. */
import { defineInitializer } from '../../compiler/op/define/define-initializer.ts';
import { varianceScaling } from './varianceScaling.ts';

/** Evenly distributed in ±√(6 / fanIn) (He et al. 2015). */
export const heUniform = defineInitializer(
  'heUniform',
  () => varianceScaling({ scale: 2, distribution: 'uniform' }),
  { options: {}, examples: [{ of: [], mean: 0, variance: 2 / 100, reach: Math.sqrt(6 / 100) }] },
);
