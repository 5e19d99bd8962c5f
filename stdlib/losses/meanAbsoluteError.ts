/** The average distance. */
import { any, float } from '../../compiler/op/accepts.ts';
import type { Op } from '../../compiler/op/card.ts';
import { composite } from '../../compiler/op/define/define-op.ts';
import { reals } from '../../compiler/op/domain.ts';
import type { Judging } from '../../compiler/op/signatures.ts';
import { abs } from '../ops/arithmetic/abs.ts';
import { subtract } from '../ops/arithmetic/subtract.ts';
import { mean } from '../ops/reduction/mean.ts';
import { paired } from './parts/same-shape.ts';

/** mean(|yTrue − yPred|) over the last axis: one value a row. Also a metric. */
export const meanAbsoluteError: Op<Judging> = composite({
  name: 'meanAbsoluteError',
  family: 'loss',
  inputs: { yTrue: any, yPred: float },
  body: ({ yTrue, yPred }) => {
    const [targets, predictions] = paired('meanAbsoluteError', yTrue, yPred);
    return mean(abs(subtract(targets, predictions)), { axis: -1 });
  },
  domain: { yTrue: reals(), yPred: reals() },
  examples: [
    [[[[0, 1]], [[1, 3]]], [1.5]],
    [
      [
        [1, 2],
        [[1], [4]],
      ],
      [0, 2],
    ],
  ],
});
