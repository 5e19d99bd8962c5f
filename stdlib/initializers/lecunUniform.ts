/** LeCun's even distribution, for self-normalising layers. */
import { defineInitializer } from '../../compiler/op/define/define-initializer.ts';
import { varianceScaling } from './varianceScaling.ts';

/** Evenly distributed in ±√(3 / fanIn) (LeCun et al. 1998). */
export const lecunUniform = defineInitializer(
  'lecunUniform',
  () => varianceScaling({ distribution: 'uniform' }),
  { options: {}, examples: [{ of: [], mean: 0, variance: 1 / 100, reach: Math.sqrt(3 / 100) }] },
);
