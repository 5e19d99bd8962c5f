/** The options of a reduction, from a card's attributes back to what users write. */
import type { Attributes } from '../../../../compiler/op/card.ts';

/** `axis` and `keepDims`, for a reduction inside a reduction. */
export function reductionOptions({ axis, keepDims }: Attributes): {
  readonly axis: number | readonly number[] | null;
  readonly keepDims: boolean;
} {
  return { axis: axis as number | readonly number[] | null, keepDims: keepDims === true };
}
