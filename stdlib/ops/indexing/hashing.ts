/** Numbers of any size as one of a few buckets. */

import { integer } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { integers } from '../../../compiler/op/domain.ts';
import { option, whole } from '../../../compiler/op/options.ts';
import type { ShapeOf } from '../../../compiler/op/signatures.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { fmix } from '../../approximations/fmix.ts';
import { add } from '../arithmetic/add.ts';
import { mod } from '../arithmetic/mod.ts';
import { mixedBits } from './parts/mixedBits.ts';

type Hashing = <X extends Tensor<Shape, 'int32'>>(
  x: X,
  options: { readonly buckets: number; readonly seed?: number },
) => Tensor<ShapeOf<X>, 'int32'>;

/** How many, in an int32. */
const buckets = option(
  'a whole number from 1 to 2147483647',
  (value): value is number => Number.isInteger(value) && Number(value) >= 1 && Number(value) < 2 ** 31,
);

/** Another key for each seed, 0 too: without one, 0 would stay 0. */
const keyOf = (seed: number): number => fmix(seed + 0x9e3779b9);

/**
 * The bucket of each number, from 0 up to but not including `buckets`: int32[...] → int32[...]. A number has the same bucket
 * in every program, and numbers spread evenly over them; two numbers share a bucket with chance 1/buckets, others do with
 * another `seed` (default 0). So ids that nobody has counted index an embedding: `embedding(1000, 8)(hashing(ids, { buckets: 1000 }))`.
 * It is ⌊h/2⌋ mod buckets, h being MurmurHash3's finalizer of the number plus the seed's key. Like Keras's `Hashing` of
 * integers, with other buckets.
 */
export const hashing: Op<Hashing> = composite({
  name: 'hashing',
  inputs: { x: integer },
  options: { buckets: buckets(), seed: whole(0) },
  body: ({ x }, { buckets, seed }) => mod(mixedBits(add(x, keyOf(seed))), buckets),
  domain: { x: integers({ min: -0x8000_0000, max: 0x7fff_ffff }) },
  examples: [
    [
      [[0, 1, 2, 3, -1, 1000000], { buckets: 10 }],
      [2, 1, 3, 3, 4, 6],
    ],
    [
      [[0, 1, -2147483648], { buckets: 1000, seed: 7 }],
      [1, 0, 767],
    ],
    [
      [[0, 12345], { buckets: 2147483647 }],
      [1428106672, 1041112413],
    ],
  ],
});
