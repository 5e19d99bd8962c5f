/** Whether the true class, told by shares, is among the best few. */
import { any, float } from '../../compiler/op/accepts.ts';
import type { Op } from '../../compiler/op/card.ts';
import { composite } from '../../compiler/op/define/define-op.ts';
import { reals } from '../../compiler/op/domain.ts';
import * as option from '../../compiler/op/options.ts';
import type { Judging } from '../../compiler/op/signatures.ts';
import { asFloat } from '../losses/parts/same-shape.ts';
import { argMax } from '../ops/reduction/argMax.ts';
import { sparseTopKCategoricalAccuracy } from './sparseTopKCategoricalAccuracy.ts';

/** 1 where fewer than `k` (5 by default) classes are predicted above the one where yTrue is largest, else 0. */
export const topKCategoricalAccuracy: Op<Judging<{ readonly k?: number }>> = composite({
  name: 'topKCategoricalAccuracy',
  family: 'metric',
  inputs: { yTrue: any, yPred: float },
  options: { k: option.count(5) },
  body: ({ yTrue, yPred }, { k }) => sparseTopKCategoricalAccuracy(argMax(asFloat(yTrue)), yPred, { k }),
  domain: { yTrue: reals({ min: 0, max: 1 }), yPred: reals() },
  examples: [
    [
      [
        [
          [1, 0, 0],
          [0, 1, 0],
        ],
        [
          [0.3, 0.5, 0.2],
          [0.5, 0.1, 0.4],
        ],
        { k: 2 },
      ],
      [1, 0],
    ],
  ],
});
