/** Targets and predictions as losses and metrics of numbers read them. */

import { sameShape } from '../../../compiler/ir/dim.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { cast } from '../../ops/conversion/cast.ts';
import { expandDims } from '../../ops/movement/expandDims.ts';
import { squeeze } from '../../ops/movement/squeeze.ts';

/** x with as many axes as a partner of rank `rank`, if they differ by a last axis of size 1. */
function withRank(x: Tensor, rank: number): Tensor {
  if (x.shape.length === rank + 1 && x.shape.at(-1) === 1) return squeeze(x, { axis: -1 });
  return x;
}

/** A column of single values as rows of one. */
function asRows(x: Tensor): Tensor {
  return x.shape.length === 1 ? expandDims(x, { axis: -1 }) : x;
}

/**
 * Both as float32 and of one shape, with the values of a row along the last axis. [B] and [B, 1] are the same thing, as
 * for Keras, on either side; any other difference is refused rather than broadcast, which would pair every row with every other.
 */
export function paired(op: string, yTrue: Tensor, yPred: Tensor): readonly [Tensor, Tensor] {
  const targets = asRows(withRank(yTrue, yPred.shape.length));
  const predictions = asRows(withRank(yPred, yTrue.shape.length));
  if (!sameShape(targets.shape, predictions.shape)) {
    throw new TypeMismatch({
      message: `${op} needs a target for each prediction`,
      blame: 0,
      label: `targets ${typeText(yTrue)} meet predictions ${typeText(yPred)}`,
      expected: typeText({ dtype: yTrue.dtype, shape: yPred.shape }),
      received: typeText(yTrue),
      hint: 'class numbers go with sparseCategoricalCrossentropy; else reshape one of them',
    });
  }
  return [asFloat(targets), asFloat(predictions)];
}

/** x as float32. */
export function asFloat(x: Tensor): Tensor {
  return x.dtype === 'float32' ? x : cast(x, 'float32');
}
