/** Numbers evenly spread between two ends. */
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { literal } from '../../../compiler/op/leaf.ts';
import * as option from '../../../compiler/op/options.ts';
import type { Tensor } from '../../../dsl/tensor.ts';

type Linspace = <const N extends number>(
  start: number,
  stop: number,
  count: N,
) => Tensor<readonly [N], 'float32'>;

/** `count` numbers from `start` to `stop`, both ends included, evenly spread: `linspace(0, 1, 5)` is [0, ¼, ½, ¾, 1]. */
export const linspace: Op<Linspace> = composite({
  name: 'linspace',
  inputs: {},
  options: { start: option.number(), stop: option.number(), count: option.count() },
  positional: ['start', 'stop', 'count'],
  body: (_, { start, stop, count }) => {
    const part = (i: number): number => (count === 1 ? 0 : i / (count - 1));
    const numbers = Array.from({ length: count }, (_, i) => start * (1 - part(i)) + stop * part(i));
    return literal(numbers, [count]);
  },
  examples: [
    [
      [0, 1, 5],
      [0, 0.25, 0.5, 0.75, 1],
    ],
    [[2, 9, 1], [2]],
  ],
});
