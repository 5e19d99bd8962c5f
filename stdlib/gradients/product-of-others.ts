/** The gradient of a product: for each factor, the product of the others, zeros included. */
import type { Tensor } from '../../dsl/tensor.ts';
import { divide } from '../ops/arithmetic/divide.ts';
import { equal } from '../ops/comparison/equal.ts';
import { where } from '../ops/comparison/where.ts';
import { cast } from '../ops/conversion/cast.ts';
import { logicalAnd } from '../ops/logic/logicalAnd.ts';
import { prod } from '../ops/reduction/prod.ts';
import { sum } from '../ops/reduction/sum.ts';

/**
 * Along `axis`, the product of all elements but the one at hand: the product over it where nothing is 0; where one
 * element is 0, the product of the rest for that one and 0 for the others; where several are, 0.
 */
export function productOfOthers(x: Tensor, axis: readonly number[]): Tensor {
  const zero = equal(x, 0);
  const zeros = sum(cast(zero, 'float32'), { axis, keepDims: true });
  const ofNonzero = prod(where(zero, 1, x), { axis, keepDims: true });
  const onlyOne = where(logicalAnd(zero, equal(zeros, 1)), ofNonzero, 0);
  return where(equal(zeros, 0), divide(ofNonzero, x), onlyOne);
}
