/** The gradient of picking one element of many. */

import { axesOf } from '../../compiler/op/axes.ts';
import type { Folded } from '../../compiler/op/type-rules.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { divide } from '../ops/arithmetic/divide.ts';
import { equal } from '../ops/comparison/equal.ts';
import { where } from '../ops/comparison/where.ts';
import { cast } from '../ops/conversion/cast.ts';
import { reshape } from '../ops/movement/reshape.ts';
import { sum } from '../ops/reduction/sum.ts';
import { spread } from './spread.ts';

/** dy of a reduction, shared evenly by the elements that equal its result y. */
export function evenShare(call: {
  readonly inputs: { readonly x: Tensor };
  readonly options: Folded;
  readonly dy: Tensor;
  readonly y: Tensor;
}): Tensor {
  const { x } = call.inputs;
  const axis = axesOf(call.options.axis, x.shape.length, 'internal');
  const wins = equal(x, spread(call.y, x.shape, axis));
  const winners = sum(cast(wins, 'float32'), { axis, keepDims: true });
  const share = divide(reshape(call.dy, winners.shape), winners);
  return where(wins, spread(share, x.shape, axis), 0);
}
