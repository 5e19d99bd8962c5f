/** The average of each window. */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { literal } from '../../../compiler/op/leaf.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { divide } from '../arithmetic/divide.ts';
import { sum } from '../reduction/sum.ts';
import type { PoolOptions } from './parts/pooling.ts';
import { elementsWithin, pooled, poolingOf, poolOptions, sizeOfWindow } from './parts/pooling.ts';
import type { PerAxis } from './parts/sliding-options.ts';

type AveragePool = (x: Tensor, poolSize: PerAxis, options?: PoolOptions) => Tensor<Shape, 'float32'>;

/** All products of one number from each list, in row-major order. */
function products(lists: readonly (readonly number[])[]): number[] {
  return lists.reduce<number[]>((all, list) => all.flatMap((a) => list.map((b) => a * b)), [1]);
}

/**
 * [B, …spatial, channels] → [B, …places, channels]: the average of each window of `poolSize`, channel by channel. What
 * lies outside x is not counted.
 */
export const averagePool: Op<AveragePool> = composite({
  name: 'averagePool',
  inputs: { x: float },
  options: poolOptions,
  positional: ['poolSize'],
  body: ({ x }, options) => {
    const pooling = poolingOf(x, options, 'averagePool');
    const { seen, within } = pooled(x, pooling, 0);
    const total = sum(seen, { axis: within });
    const counts = elementsWithin(pooling);
    const whole = sizeOfWindow(pooling);
    const all = products(counts);
    if (all.every((count) => count === whole)) return divide(total, whole);
    return divide(total, literal(all, [1, ...counts.map(({ length }) => length), 1]));
  },
  domain: { x: reals() },
  examples: [
    [[[[[1], [5], [2], [4], [3]]], 2], [[[3], [3]]]],
    [[[[[1], [5], [2], [4], [3]]], 2, { padding: 'same' }], [[[3], [3], [3]]]],
    [[[[[1], [5], [3]]], 3, { strides: 1, padding: 'same' }], [[[3], [3], [4]]]],
  ],
});
