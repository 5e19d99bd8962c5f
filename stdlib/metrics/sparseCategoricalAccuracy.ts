/** Whether a prediction's best class is the true one, which is told by its number. */

import { integer, numeric } from '../../compiler/op/accepts.ts';
import type { Op } from '../../compiler/op/card.ts';
import { composite } from '../../compiler/op/define/define-op.ts';
import { integers, reals } from '../../compiler/op/domain.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { equal } from '../ops/comparison/equal.ts';
import { cast } from '../ops/conversion/cast.ts';
import { reshape } from '../ops/movement/reshape.ts';
import { argMax } from '../ops/reduction/argMax.ts';

type SparseCategoricalAccuracy = (yTrue: Tensor, yPred: Tensor) => Tensor<readonly ['B'], 'float32'>;

/** 1 where the largest element of a prediction is the class yTrue (int32), else 0. Logits or probabilities alike. */
export const sparseCategoricalAccuracy: Op<SparseCategoricalAccuracy> = composite({
  name: 'sparseCategoricalAccuracy',
  family: 'metric',
  inputs: { yTrue: integer, yPred: numeric },
  body: ({ yTrue, yPred }) => {
    const found = argMax(yPred, { axis: -1 });
    const labels = yTrue.shape.length === yPred.shape.length ? reshape(yTrue, found.shape) : yTrue;
    return cast(equal(labels, found), 'float32');
  },
  domain: { yTrue: integers({ min: 0, max: 2 }), yPred: reals() },
  examples: [
    [
      [
        [1, 0],
        [
          [0.1, 0.9],
          [0.2, 0.8],
        ],
      ],
      [1, 0],
    ],
  ],
});
