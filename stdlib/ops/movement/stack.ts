/** Tensors side by side along a new axis. */

import { sameShape } from '../../../compiler/ir/dim.ts';
import { list } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import * as option from '../../../compiler/op/options.ts';
import type { Stack } from '../../../compiler/op/signatures.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import { concat } from './concat.ts';
import { expandDims } from './expandDims.ts';

/**
 * Tensors of one shape side by side along a new axis of the result, the last by default: columns of a batch become
 * the features of its rows.
 */
export const stack: Op<Stack> = composite({
  name: 'stack',
  inputs: { tensors: list },
  options: { axis: option.axis(-1) },
  body: ({ tensors }, { axis }) => {
    const first = tensors[0];
    if (!first)
      throw new TypeMismatch({ message: 'stack needs at least one tensor', received: 'an empty list' });
    const odd = tensors.findIndex(({ shape }) => !sameShape(shape, first.shape));
    if (odd >= 0) {
      throw new TypeMismatch({
        message: `stack cannot join ${typeText(first)} and ${typeText(tensors[odd]!)}`,
        blame: odd,
        label: 'differs in shape from the first',
        expected: typeText(first),
        received: typeText(tensors[odd]!),
      });
    }
    return concat(
      tensors.map((tensor) => expandDims(tensor, { axis })),
      { axis },
    );
  },
  domain: { tensors: reals() },
  examples: [
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      [
        [1, 3],
        [2, 4],
      ],
    ],
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
        { axis: 0 },
      ],
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ],
});
