/** Numbers for the leaves of generated graphs: a function of the seed and the leaf's place alone. */
import type { Values } from '../../compiler/op/values.ts';
import { sizeOf } from '../../compiler/op/values.ts';
import type { DType } from '../../dsl/tensor.ts';

/** Quarters in [−3, 3] for reals, so that ties and exact sums occur; whole numbers in [−3, 4]; truths. */
export function numbersFor(
  { dtype, shape }: { readonly dtype: DType; readonly shape: readonly number[] },
  seed: number,
  place: number,
): Values {
  let word = (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(place + 1, 0x85ebca6b)) | 0;
  const data = Float64Array.from({ length: sizeOf(shape) }, () => {
    // xorshift32 (Marsaglia 2003)
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    const share = (word >>> 0) / 2 ** 32;
    if (dtype === 'bool') return Number(share < 0.5);
    return dtype === 'int32' ? Math.floor(share * 8) - 3 : realFrom(share, word);
  });
  return { dtype, shape, data };
}

function realFrom(share: number, word: number): number {
  const coarse = (word & 3) === 0;
  return coarse ? Math.round(share * 24 - 12) / 4 : Math.fround(share * 6 - 3);
}
