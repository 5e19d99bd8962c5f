/** Whether a prediction's best class is the true one, which is told by shares. */
import { any, numeric } from '../../compiler/op/accepts.ts';
import type { Op } from '../../compiler/op/card.ts';
import { composite } from '../../compiler/op/define/define-op.ts';
import { reals } from '../../compiler/op/domain.ts';
import type { Judging } from '../../compiler/op/signatures.ts';
import { asFloat } from '../losses/parts/same-shape.ts';
import { equal } from '../ops/comparison/equal.ts';
import { cast } from '../ops/conversion/cast.ts';
import { argMax } from '../ops/reduction/argMax.ts';

/** 1 where the largest element of a prediction stands where the largest of yTrue stands (one-hot rows), else 0. */
export const categoricalAccuracy: Op<Judging> = composite({
  name: 'categoricalAccuracy',
  family: 'metric',
  inputs: { yTrue: any, yPred: numeric },
  body: ({ yTrue, yPred }) => cast(equal(argMax(asFloat(yTrue)), argMax(yPred)), 'float32'),
  domain: { yTrue: reals({ min: 0, max: 1 }), yPred: reals() },
  examples: [
    [
      [
        [
          [0, 1],
          [1, 0],
        ],
        [
          [0.1, 0.9],
          [0.2, 0.8],
        ],
      ],
      [1, 0],
    ],
  ],
});
