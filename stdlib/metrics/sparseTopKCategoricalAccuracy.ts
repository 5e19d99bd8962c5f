/** Whether the true class is among the best few. */
import { float, integer } from '../../compiler/op/accepts.ts';
import type { Op } from '../../compiler/op/card.ts';
import { composite } from '../../compiler/op/define/define-op.ts';
import { integers, reals } from '../../compiler/op/domain.ts';
import * as option from '../../compiler/op/options.ts';
import type { Judging } from '../../compiler/op/signatures.ts';
import { less } from '../ops/comparison/less.ts';
import { cast } from '../ops/conversion/cast.ts';
import { takeAlongAxis } from '../ops/indexing/takeAlongAxis.ts';
import { expandDims } from '../ops/movement/expandDims.ts';
import { sum } from '../ops/reduction/sum.ts';

/** 1 where fewer than `k` (5 by default) classes are predicted above the class yTrue (int32), else 0: ties count as hits. */
export const sparseTopKCategoricalAccuracy: Op<Judging<{ readonly k?: number }>> = composite({
  name: 'sparseTopKCategoricalAccuracy',
  family: 'metric',
  inputs: { yTrue: integer, yPred: float },
  options: { k: option.count(5) },
  body: ({ yTrue, yPred }, { k }) => {
    const labels = yTrue.shape.length === yPred.shape.length ? yTrue : expandDims(yTrue, { axis: -1 });
    const score = takeAlongAxis(yPred, labels);
    const better = sum(cast(less(score, yPred), 'int32'), { axis: -1 });
    return cast(less(better, k), 'float32');
  },
  domain: { yTrue: integers({ min: 0, max: 2 }), yPred: reals() },
  examples: [
    [
      [
        [0, 1],
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
